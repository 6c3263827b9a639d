import { expect, test } from 'vitest'
import { createPace } from './pace.ts'

const pause = { firstMs: 500, maxMs: 15_000 }
const newPace = () => createPace({ gatherMs: 200, betweenMs: 10_000 })

test('a change is checked at once, and further ones a while after the last check', () => {
  const pace = newPace()
  expect(pace.noticed('a', 0)).toBe(200)
  pace.looking('a', 200)
  expect([300, 5_000, 10_100].map((now) => pace.noticed('a', now))).toEqual([10_200, 10_200, 10_300])
  expect(pace.noticed('b', 300)).toBe(500)
  expect(pace.noticed('a', 60_000)).toBe(60_200)
})

test('the interval of unchanged things doubles, and changes in quick succession don’t reset it', () => {
  const pace = newPace()
  const waits = (from: number) => pace.again('a', from, pause) - from
  pace.looking('a', 0)
  expect(waits(0)).toBe(500)
  pace.noticed('a', 100)
  pace.looking('a', 500)
  expect(waits(500)).toBe(1_000)
  pace.noticed('a', 60_000)
  expect(waits(60_000)).toBe(500)
})

test('a change during a check is remembered, until the next check or until the thing is forgotten', () => {
  const pace = newPace()
  pace.looking('a', 0)
  expect(pace.isNoticed('a')).toBe(false)
  pace.noticed('a', 10)
  expect(pace.isNoticed('a')).toBe(true)
  pace.keepOnly(new Set(['b']))
  expect(pace.isNoticed('a')).toBe(false)
})

test('the start of a deletion is checked at once, but only the first time', () => {
  const pace = newPace()
  pace.looking('a', 0)
  pace.again('a', 0, { firstMs: 5_000, maxMs: 300_000 })
  expect(pace.noticed('a', 1_000, true)).toBe(1_200)
  pace.looking('a', 1_200)
  expect(pace.again('a', 1_200, pause) - 1_200).toBe(500)
  expect(pace.noticed('a', 1_300, true)).toBe(11_200)
  // A new thing of the same name: back to the usual pace.
  expect(pace.noticed('a', 1_400)).toBe(11_200)
})
