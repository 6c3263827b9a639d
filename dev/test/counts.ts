import { z } from 'zod'
import type { VisibleRun } from './run-visibly.ts'

/** `failures`: name and first lines of each failure that can be named. */
export type Counts = { passed: number; failed: number; failures?: readonly string[] }

export const nothing: Counts = { passed: 0, failed: 0 }

export const addCounts = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  failures: [...(a.failures ?? []), ...(b.failures ?? [])],
})

/** The last line of `npm test`, which tools read. */
export const renderCounts = ({ passed, failed }: Counts): string => `${passed} passed, ${failed} failed`

const maxLines = 12
/** The most of a page to show for a failed test. */
const maxPageLines = 60
/** The most of a runner's standard error to show if no test explains its end. */
const maxLastLines = 80
const maxLineLength = 300
const ansiColours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g')

const renderFailure = (name: string, message: string) =>
  [name, ...message.replaceAll(ansiColours, '').split('\n').slice(0, maxLines)].join('\n    ')

const vitestSchema = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().default(''),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()).default([]) }),
      ),
    }),
  ),
})

/** @param report of vitest's JSON reporter; a file that failed without a failed test counts once */
export function parseVitestReport(report: unknown): Counts {
  const { numPassedTests, numFailedTests, testResults } = vitestSchema.parse(report)
  const broken = testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((result) => result.status === 'failed'),
  )
  const failedTests = testResults.flatMap((file) =>
    file.assertionResults
      .filter((result) => result.status === 'failed')
      .map((result) => renderFailure(`${file.name} > ${result.fullName}`, result.failureMessages.join('\n'))),
  )
  return {
    passed: numPassedTests,
    failed: numFailedTests + broken.length,
    failures: [...broken.map((file) => renderFailure(file.name, file.message)), ...failedTests],
  }
}

const resultSchema = z.object({
  error: z.object({ message: z.string().optional() }).optional(),
  attachments: z.array(z.object({ name: z.string(), path: z.string().optional() })).default([]),
})
const specsSchema = z.array(
  z.object({
    title: z.string(),
    file: z.string(),
    ok: z.boolean(),
    tests: z.array(z.object({ results: z.array(resultSchema) })),
  }),
)

type Suite = { specs: z.infer<typeof specsSchema>; suites?: Suite[] | undefined }

const suiteSchema: z.ZodType<Suite> = z.object({
  specs: specsSchema,
  get suites() {
    return z.array(suiteSchema).optional()
  },
})

const listSpecs = (suite: Suite): Suite['specs'] => [...suite.specs, ...(suite.suites ?? []).flatMap(listSpecs)]

const playwrightSchema = z.object({
  suites: z.array(suiteSchema).default([]),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number() }),
  errors: z.array(z.looseObject({ message: z.string().default('no message') })).default([]),
})

/**
 * @param context Playwright's file about a failure
 * @returns the accessibility tree of one of the test’s pages
 */
export const pageOfContext = (context: string): string[] =>
  (/^```yaml\n(.*?)^```/ms.exec(context)?.[1] ?? '').split('\n').filter(Boolean).slice(0, maxPageLines)

/**
 * @param report of Playwright's JSON reporter; a test that passed only on retry counts as failed
 * @param read reads a file named in the report
 */
export function parsePlaywrightReport(report: unknown, read: (file: string) => string): Counts {
  const { stats, errors, suites } = playwrightSchema.parse(report)
  const failures = suites
    .flatMap(listSpecs)
    .filter((spec) => !spec.ok)
    .map((spec) => {
      const results = spec.tests.flatMap((test) => test.results)
      const contexts = results.flatMap(({ attachments }) => attachments.filter(({ name }) => name === 'error-context'))
      const shown = contexts.flatMap(({ path }) => (path ? pageOfContext(read(path)) : []))
      const told = renderFailure(
        `${spec.file} > ${spec.title}`,
        results.map(({ error }) => error?.message ?? '').join('\n'),
      )
      return shown.length > 0 ? [told, 'A page of the test, when it failed:', ...shown].join('\n    ') : told
    })
  const outside = errors.map(({ message }) => renderFailure('outside of a test', message))
  const failed = stats.unexpected + stats.flaky + errors.length
  return { passed: stats.expected, failed, failures: [...failures, ...outside] }
}

/**
 * Adds a runner's own failure to its report: one that crashed, wrote no report, ran nothing, or exited with an error
 * that no test explains has failed.
 */
export function checkRun({ status, lastErrors }: VisibleRun, reported: Counts = nothing): Counts {
  const ranNothing = reported.passed + reported.failed === 0
  const unexplained = status !== 0 && reported.failed === 0
  if (!ranNothing && !unexplained) return reported
  const lines = lastErrors
    .replaceAll(ansiColours, '')
    .split('\n')
    .slice(-maxLastLines)
    .map((line) => line.slice(0, maxLineLength))
  const failure = [
    `The runner exited with status ${status}, and no failed test explains it. Its last errors:`,
    ...lines,
  ].join('\n    ')
  return { ...reported, failed: 1, failures: [failure] }
}
