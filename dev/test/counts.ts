import { z } from 'zod'
import type { VisibleRun } from './run-visibly.ts'

/** `failures`: a name and the first lines of what went wrong, for each that failed and could be named. */
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
/** Of what a page showed when a test of it failed. */
const maxPageLines = 60
/** Of what a runner wrote on standard error, where no test explains its end. */
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

/** @param report what vitest's JSON reporter wrote; a file that failed without a test of its own failing counts once */
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

/** @param context what Playwright wrote about a failure @returns what one of the test’s pages showed then, as its accessibility tree */
export const pageOfContext = (context: string): string[] =>
  (/^```yaml\n(.*?)^```/ms.exec(context)?.[1] ?? '').split('\n').filter(Boolean).slice(0, maxPageLines)

/**
 * @param report what Playwright's JSON reporter wrote; a test that passed only when run again counts as failed
 * @param read reads a file that the report names
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
 * What a runner's end says on top of its report: one that crashed, wrote no report, ran nothing, or left with an error
 * that no test explains has failed, whatever it counted.
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
