import { expect, test } from 'vitest'
import { createAllowance, createRecentKeys } from './recorded-lately.ts'

test('a key is due again after its time, and the oldest keys are evicted', () => {
  const noted = createRecentKeys(60_000, 2)
  expect(noted.isDue('a', 0)).toBe(true)
  noted.note('a', 0)
  expect([noted.isDue('a', 59_999), noted.isDue('a', 60_000)]).toEqual([false, true])
  noted.note('b', 1)
  noted.note('c', 2)
  expect([noted.isDue('a', 3), noted.isDue('b', 3), noted.isDue('c', 3)]).toEqual([true, false, false])
})

test('each key has its own allowance in each period', () => {
  const allowance = createAllowance(1_000, 2)
  expect([1, 2, 3].map((now) => allowance.take('a', now))).toEqual([true, true, false])
  expect(allowance.take('b', 4)).toBe(true)
  expect(allowance.take('a', 1_000)).toBe(true)
})
