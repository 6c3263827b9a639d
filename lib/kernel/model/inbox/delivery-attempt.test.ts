import { expect, test } from 'vitest'
import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'
import { nextAttempt, stateAfter } from './delivery-attempt.ts'

const start = new Date('2026-11-26T00:00:00Z')

test('a failed delivery is retried after one minute, two, four, at most an hour, and given up after a day', () => {
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

test('a receiver can ask for more time, up to an hour, but never for less', () => {
  const minutes = (afterMs: number) =>
    ((nextAttempt(start, 1, start, afterMs)?.getTime() ?? 0) - start.getTime()) / 60_000
  expect([0, 5_000, 600_000, 7 * dayMs].map(minutes)).toEqual([1, 1, 10, 60])
})

test('a permanent refusal is given up at once', () => {
  const delivery = { createdAt: start, attempts: 1 }
  expect(stateAfter({ sent: false, error: 'no', permanent: true }, delivery, start)).toEqual({
    state: 'given_up',
    error: 'no',
  })
  expect(stateAfter({ sent: false, error: 'no', permanent: false }, delivery, start)).toMatchObject({
    state: 'waiting',
  })
  expect(stateAfter({ sent: true }, delivery, start)).toEqual({ state: 'sent' })
})
