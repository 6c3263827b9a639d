import { z } from 'zod'

export type Counts = { passed: number; failed: number }

export const nothing: Counts = { passed: 0, failed: 0 }

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
})

/** The last line of `npm test`, which tools read. */
export const renderCounts = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.object({ status: z.string() })) })),
})

/** @param report what vitest's JSON reporter wrote; a file that failed without a test of its own failing counts once */
export function parseVitestReport(report: unknown): Counts {
  const { numPassedTests, numFailedTests, testResults } = vitestSchema.parse(report)
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  )
  return { passed: numPassedTests, failed: numFailedTests + broken.length }
}

const playwrightSchema = z.object({
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.unknown()).default([]),
})

/** @param report what Playwright's JSON reporter wrote; a test that passed only when run again counts as failed */
export function parsePlaywrightReport(report: unknown): Counts {
  const { stats, errors } = playwrightSchema.parse(report)
  return { passed: stats.expected, failed: stats.unexpected + stats.flaky + errors.length }
}

/**
 * What a runner's end says on top of its report: one that crashed, wrote no report, ran nothing, or left with an error
 * that no test explains has failed, whatever it counted.
 */
export function judgeRun(status: number, reported: Counts | undefined): Counts {
  if (reported === undefined) return { passed: 0, failed: 1 }
  const ranNothing = reported.passed + reported.failed === 0
  const unexplained = status !== 0 && reported.failed === 0
  return ranNothing || unexplained ? { passed: reported.passed, failed: 1 } : reported
}
