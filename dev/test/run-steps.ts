import { addCounts, type Counts, nothing, renderCounts } from './counts.ts'
import type { Step } from './steps.ts'

/** `.ci/run` repeats the output from here on. */
const resultsHeading = '\n── results'

const since = (start: number) => `${((performance.now() - start) / 1000).toFixed(0)} s`

/**
 * Runs steps one after the other, and prints the failures and the time of each. The last line is the total, for people
 * and tools: `N passed, N failed`. Sets the process's exit code.
 */
export async function runSteps(steps: readonly Step[]): Promise<void> {
  const started = performance.now()
  let total = nothing
  const summary: string[] = []
  for (const { name, run } of steps) {
    const begun = performance.now()
    console.log(`\n── ${name}`)
    const counts = await run().catch((error: unknown): Counts => {
      const message = error instanceof Error ? error.message : String(error)
      return { passed: 0, failed: 1, failures: [`${name}: ${message}`] }
    })
    total = addCounts(total, counts)
    summary.push(`${counts.failed === 0 ? '✓' : '✗'} ${name}: ${renderCounts(counts)} (${since(begun)})`)
  }
  console.log(resultsHeading)
  for (const failure of total.failures ?? []) console.log(`\n✗ ${failure}`)
  console.log(`\n${summary.join('\n')}\n${since(started)} in all`)
  process.exitCode = total.failed === 0 ? 0 : 1
  console.log(renderCounts(total))
}
