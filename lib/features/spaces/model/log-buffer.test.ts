import { expect, test } from 'vitest'
import { addToLog, emptyLog, type LogBuffer } from './log-buffer.ts'
import type { LogEvent } from './log-stream.ts'

const names = ['web-0', 'web-1']
const at = (ms: number) => new Date(Date.UTC(2026, 10, 27) + ms).toISOString()
const line = (ms: number, says: string, source = 0): LogEvent => ({ source, mark: ' ', text: `${at(ms)} ${says}` })
const note = (text: string, source = 0): LogEvent => ({ source, mark: '!', text })
const add = (buffer: LogBuffer, ...events: LogEvent[]) => addToLog(buffer, events, names)
const says = ({ blocks }: LogBuffer) => blocks.flatMap(({ lines }) => lines.map((one) => one.says))

test('lines of several pods are sorted by time, whatever the order of arrival', () => {
  let log = add(emptyLog, line(0, 'a'), line(20, 'c'))
  log = add(log, line(10, 'b', 1), line(30, 'd', 1))
  expect(says(log)).toEqual(['a', 'b', 'c', 'd'])
  expect(log.blocks[0]?.lines.map(({ from }) => from)).toEqual(['web-0', 'web-1', 'web-0', 'web-1'])
})

test('a line without a time stays behind the line before it', () => {
  let log = add(emptyLog, line(0, 'a'), line(10, 'b'), note('cut'))
  log = add(log, line(20, 'c', 1))
  expect(says(log)).toEqual(['a', 'b', 'cut', 'c'])
  expect(says(add(emptyLog, note('refused')))).toEqual(['refused'])
})

test('lines of the same time keep their order', () => {
  expect(says(add(add(emptyLog, line(5, '1'), line(5, '2')), line(5, '3')))).toEqual(['1', '2', '3'])
})

test('it keeps only the newest lines, and shows that it dropped others', () => {
  let log = emptyLog
  for (let i = 0; i < 60; i++)
    log = add(log, ...Array.from({ length: 100 }, (_, n) => line(i * 100 + n, `${i * 100 + n}`)))
  expect(log.lines).toBeLessThanOrEqual(5_000)
  expect(log.lines).toBeGreaterThan(4_500)
  expect(log.isCut).toBe(true)
  expect(says(log).at(-1)).toBe('5999')
  expect(says(log)).toEqual(Array.from({ length: log.lines }, (_, i) => String(6_000 - log.lines + i)))
})

test('full blocks stay the same objects, so they aren’t rendered again', () => {
  const log = add(emptyLog, ...Array.from({ length: 500 }, (_, i) => line(i, String(i))))
  const next = add(log, line(600, 'x'))
  expect(log.blocks.map(({ lines }) => lines.length)).toEqual([200, 200, 100])
  expect(next.blocks[0]).toBe(log.blocks[0])
  expect(next.blocks[1]).toBe(log.blocks[1])
  expect(next.blocks[2]?.key).toBe(log.blocks[2]?.key)
  expect(new Set(next.blocks.map(({ key }) => key)).size).toBe(3)
})

test('a few very long lines are limited too', () => {
  let log = emptyLog
  for (let i = 0; i < 400; i++) log = add(log, line(i, 'x'.repeat(50_000)))
  expect(log.characters).toBeLessThanOrEqual(4_000_000 + 200 * 16_384)
})

test('control sequences are removed: a log can’t set colours or move the cursor', () => {
  expect(says(add(emptyLog, line(0, '\u001b[31mred\u001b[0m \u0000\u001b[2Jx\ty\u0007\u009bz')))).toEqual(['red x\tyz'])
})
