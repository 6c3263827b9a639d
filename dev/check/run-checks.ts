import { checks } from './checks.ts'

/** `complaint`: what is wrong; empty if the check passed. */
export type CheckResult = { name: string; complaint: string }

/** Runs all checks in parallel and reports each as it ends, with its output. */
export function runChecks(report: (line: string) => void): Promise<CheckResult[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => {
      const started = performance.now()
      const complaint = await run().catch((error: unknown) => (error instanceof Error ? error.message : String(error)))
      const seconds = ((performance.now() - started) / 1000).toFixed(1)
      const passed = complaint === ''
      report(`${passed ? '✓' : '✗'} ${name} (${seconds} s)${passed ? '' : `\n${complaint}\n`}`)
      return { name, complaint }
    }),
  )
}
