import { expect, test } from 'vitest'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { usualLastDay } from './role-rules.ts'

const now = new Date('2026-12-03T10:00:00Z')
const tomorrow = '2026-12-04'

test('new members start with 30 days', () => {
  expect(usualLastDay(tomorrow, null)).toBe('2027-01-02')
  expect(usualLastDay(tomorrow, 90)).toBe('2027-01-02')
})

test.each([1, 7, 29, 30])('with a limit of %i days they start with the last day that it allows', (days) => {
  expect(usualLastDay(tomorrow, days)).toBe(latestEnd(now, days)?.toISOString().slice(0, 10))
})
