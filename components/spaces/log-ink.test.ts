import { expect, test } from 'vitest'
import { isErrorLine, sourceInk } from './log-ink.ts'

test.each([
  '2026-01-02 10:00:00 ERROR could not connect',
  '[FATAL] out of disk',
  'time="2026-01-02T10:00:00Z" level=error msg="no route"',
  '{"level":"error","msg":"no route"}',
  '{"severity": "critical"}',
  'E0102 10:00:00.000000       1 reflector.go:138] failed to list',
])('an error by its level: %s', (line) => {
  expect(isErrorLine(line)).toBe(true)
})

test.each([
  'finished with 0 errors',
  'GET /error 200',
  'level=info msg="retry after error"',
  'ERRORS_TOTAL 0',
  'I0102 10:00:00.000000       1 main.go:1] E0102 is a name',
  '',
])('not an error: %s', (line) => {
  expect(isErrorLine(line)).toBe(false)
})

test('five sources differ in ink, and later ones share theirs', () => {
  expect(new Set([0, 1, 2, 3, 4].map(sourceInk)).size).toBe(5)
  expect(sourceInk(5)).toBe(sourceInk(0))
})
