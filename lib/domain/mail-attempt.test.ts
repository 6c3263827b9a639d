import { expect, test } from 'vitest'
import { dayMs, hourMs } from './duration.ts'
import { nextAttempt } from './mail-attempt.ts'

const start = new Date('2026-11-26T00:00:00Z')

test('mail is tried again after one minute, two, four, at most an hour, and no more after a day', () => {
  const waits: number[] = []
  let at = start
  for (let attempts = 1; ; attempts++) {
    const next = nextAttempt(start, attempts, at)
    if (next === null) break
    waits.push((next.getTime() - at.getTime()) / 60_000)
    at = next
  }
  expect(waits.slice(0, 8)).toEqual([1, 2, 4, 8, 16, 32, 60, 60])
  expect(at.getTime() - start.getTime()).toBeLessThanOrEqual(dayMs)
  expect(at.getTime() - start.getTime()).toBeGreaterThan(dayMs - hourMs - 1)
})
