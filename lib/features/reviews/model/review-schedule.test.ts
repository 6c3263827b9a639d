import { expect, test } from 'vitest'
import { monthsLater, nextStart } from './review-schedule.ts'

test('a quarter later is the same day, or the last day of a shorter month', () => {
  expect(monthsLater('2026-10-01', 3)).toBe('2027-01-01')
  expect(monthsLater('2026-11-30', 3)).toBe('2027-02-28')
  expect(monthsLater('2027-01-31', 1)).toBe('2027-02-28')
})

test('missed starts are skipped', () => {
  expect(nextStart('2026-01-01', 3, '2026-01-01')).toBe('2026-04-01')
  expect(nextStart('2026-01-01', 3, '2026-11-26')).toBe('2027-01-01')
})
