import { expect, test } from 'vitest'
import { logSources } from './log-sources.ts'
import { maxLogSources, parseLogEvent, renderLogEvent, renderLogSources, splitLogLine } from './log-stream.ts'

test('an event is one line, whatever it contains', () => {
  for (const text of ['', ' a\tb', '2026-11-27T08:00:00Z ! .', '12!x', 'ü\r'])
    for (const mark of [' ', '!', '.'] as const)
      expect(parseLogEvent(renderLogEvent({ source: 7, mark, text }).slice(0, -1))).toEqual({ source: 7, mark, text })
  expect(renderLogEvent({ source: 0, mark: '!', text: 'one\ntwo' })).toBe('0!one two\n')
  for (const line of ['', 'x', '1', '123 x', '-1 x']) expect(parseLogEvent(line), line).toBeNull()
})

test('kubelets’ times sort as text, with and without a fraction, in any zone', () => {
  expect(splitLogLine('2026-11-27T08:00:00.5Z hi there')).toEqual({
    at: '2026-11-27T08:00:00.500000000Z',
    says: 'hi there',
  })
  expect(splitLogLine('2026-11-27T08:00:00Z ')).toEqual({ at: '2026-11-27T08:00:00.000000000Z', says: '' })
  expect(splitLogLine('2026-11-27T10:30:00.123456789+02:30 x').at).toBe('2026-11-27T08:00:00.123456789Z')
  for (const text of ['no time', '2026-11-27T08:00:00Z', '2026-99-27T08:00:00+01:00 x', ''])
    expect(splitLogLine(text), text).toEqual({ at: '', says: text })
})

test('a URL names pods and containers, and nothing that could be another path', () => {
  const sources = [
    { pod: 'web-0', container: 'app' },
    { pod: 'web.1', container: 'side-car' },
  ]
  expect(logSources.parse(renderLogSources(sources))).toEqual(sources)
  const many = Array.from({ length: maxLogSources + 1 }, () => 'a/b').join(',')
  for (const text of ['', 'a', 'a/', '/b', 'a/b/c', '../x', 'a/../b', 'a/b?x', 'A/b', 'a/b,', 'a%2fb/c', 'a/b#', many])
    expect(logSources.safeParse(text).success, text).toBe(false)
})
