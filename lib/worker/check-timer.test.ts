import { expect, test } from 'vitest'
import { createCheckTimer } from './check-timer.ts'

const pause = { firstMs: 500, maxMs: 15_000 }
const newTimer = () => createCheckTimer({ gatherMs: 200, betweenMs: 10_000 })

test('a change is checked at once, and further ones a while after the last check', () => {
  const timer = newTimer()
  expect(timer.noticed('a', 0)).toBe(200)
  timer.looking('a', 200)
  expect([300, 5_000, 10_100].map((now) => timer.noticed('a', now))).toEqual([10_200, 10_200, 10_300])
  expect(timer.noticed('b', 300)).toBe(500)
  expect(timer.noticed('a', 60_000)).toBe(60_200)
})

test('the interval of unchanged things doubles, and changes in quick succession don’t reset it', () => {
  const timer = newTimer()
  const waits = (from: number) => timer.again('a', from, pause) - from
  timer.looking('a', 0)
  expect(waits(0)).toBe(500)
  timer.noticed('a', 100)
  timer.looking('a', 500)
  expect(waits(500)).toBe(1_000)
  timer.noticed('a', 60_000)
  expect(waits(60_000)).toBe(500)
})

test('a change during a check is remembered, until the next check or until the thing is forgotten', () => {
  const timer = newTimer()
  timer.looking('a', 0)
  expect(timer.isNoticed('a')).toBe(false)
  timer.noticed('a', 10)
  expect(timer.isNoticed('a')).toBe(true)
  timer.keepOnly(new Set(['b']))
  expect(timer.isNoticed('a')).toBe(false)
})

test('the start of a deletion is checked at once, but only the first time', () => {
  const timer = newTimer()
  timer.looking('a', 0)
  timer.again('a', 0, { firstMs: 5_000, maxMs: 300_000 })
  expect(timer.noticed('a', 1_000, true)).toBe(1_200)
  timer.looking('a', 1_200)
  expect(timer.again('a', 1_200, pause) - 1_200).toBe(500)
  expect(timer.noticed('a', 1_300, true)).toBe(11_200)
  // A new thing of the same name: back to the usual interval.
  expect(timer.noticed('a', 1_400)).toBe(11_200)
})
