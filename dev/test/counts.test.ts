import { expect, test } from 'vitest'
import { addCounts, checkRun, pageOfContext, parsePlaywrightReport, parseVitestReport, renderCounts } from './counts.ts'

const noFile = (file: string): string => {
  throw new Error(`${file} is not to be read`)
}

test('counts of all runners are summed into the last line', () => {
  expect(renderCounts(addCounts({ passed: 2, failed: 1 }, { passed: 40, failed: 0 }))).toBe('42 passed, 1 failed')
})

test('a test file that could not even be loaded counts as failed', () => {
  const report = {
    numPassedTests: 1,
    numFailedTests: 1,
    testResults: [
      {
        name: 'a.test.ts',
        status: 'failed',
        assertionResults: [
          { status: 'passed', fullName: 'one holds' },
          { status: 'failed', fullName: 'two holds', failureMessages: ['expected 1 to be 2\nat a.test.ts:3'] },
        ],
      },
      { name: 'b.test.ts', status: 'failed', message: 'no such module', assertionResults: [] },
      { name: 'c.test.ts', status: 'passed', assertionResults: [] },
    ],
  }
  expect(parseVitestReport(report)).toEqual({
    passed: 1,
    failed: 2,
    failures: ['b.test.ts\n    no such module', 'a.test.ts > two holds\n    expected 1 to be 2\n    at a.test.ts:3'],
  })
})

test('a flaky test and an error outside of tests count as failed', () => {
  const report = { stats: { expected: 5, unexpected: 1, flaky: 2 }, errors: [{ message: 'no server' }] }
  expect(parsePlaywrightReport(report, noFile)).toEqual({
    passed: 5,
    failed: 4,
    failures: ['outside of a test\n    no server'],
  })
})

test('a failed browser test is named, however deeply nested', () => {
  const failed = {
    title: 'it holds',
    file: 'a.spec.ts',
    ok: false,
    tests: [{ results: [{ error: { message: 'no' } }] }],
  }
  const passed = { title: 'so does this', file: 'a.spec.ts', ok: true, tests: [{ results: [{}] }] }
  const report = {
    stats: { expected: 1, unexpected: 1, flaky: 0 },
    suites: [{ specs: [], suites: [{ specs: [failed, passed] }] }],
  }
  expect(parsePlaywrightReport(report, noFile).failures).toEqual(['a.spec.ts > it holds\n    no'])
})

test('for a failed browser test, the report includes the page', () => {
  const context =
    '# Error details\n\n```\nError: no\n```\n\n```yaml\n- main:\n  - heading "Page not found"\n```\n\n```ts\n1\n```\n'
  const result = { error: { message: 'no' }, attachments: [{ name: 'error-context', path: 'a.md' }] }
  const failed = { title: 'it holds', file: 'a.spec.ts', ok: false, tests: [{ results: [result] }] }
  const report = { stats: { expected: 0, unexpected: 1, flaky: 0 }, suites: [{ specs: [failed] }] }
  expect(parsePlaywrightReport(report, () => context).failures).toEqual([
    'a.spec.ts > it holds\n    no\n    A page of the test, when it failed:\n    - main:\n      - heading "Page not found"',
  ])
  expect(pageOfContext('nothing')).toEqual([])
})

test('a runner that crashes, runs nothing or leaves no report counts as failed, with its last output', () => {
  const ended = (status: number, lastErrors = '') => ({ status, lastErrors })
  const unexplained = (status: number) => [
    `The runner exited with status ${status}, and no failed test explains it. Its last errors:\n    Unhandled Rejection`,
  ]
  const colour = String.fromCharCode(27)
  expect(checkRun(ended(1, `${colour}[31mUnhandled Rejection${colour}[0m`), { passed: 7, failed: 0 })).toEqual({
    passed: 7,
    failed: 1,
    failures: unexplained(1),
  })
  expect(checkRun(ended(0), { passed: 0, failed: 0 })).toMatchObject({ passed: 0, failed: 1 })
  expect(checkRun(ended(0, 'Unhandled Rejection'), undefined)).toEqual({
    passed: 0,
    failed: 1,
    failures: unexplained(0),
  })
  expect(checkRun(ended(1), { passed: 7, failed: 2 })).toEqual({ passed: 7, failed: 2 })
  expect(checkRun(ended(0), { passed: 7, failed: 0 })).toEqual({ passed: 7, failed: 0 })
})
