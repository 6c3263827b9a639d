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

test('a pod keeps its ink, and pods of one workload differ', () => {
  expect(sourceInk('web-7d9f-abcde')).toBe(sourceInk('web-7d9f-abcde'))
  const inks = new Set(['a', 'b', 'c', 'd', 'e'].map((letter) => sourceInk(`web-7d9f-${letter}`)))
  expect(inks.size).toBe(5)
})
