import { expect, test } from 'vitest'
import { digestDueAt, digestReaches, lastDigestDay } from './digest-day.ts'

test('a day’s digest is due at six; until then the previous day’s is the last', () => {
  expect(lastDigestDay(new Date('2026-11-27T05:59:59.999Z'))).toBe('2026-11-26')
  expect(lastDigestDay(new Date('2026-11-27T06:00:00Z'))).toBe('2026-11-27')
  expect(lastDigestDay(new Date('2027-01-01T00:00:00Z'))).toBe('2026-12-31')
  expect(digestDueAt('2026-11-27').toISOString()).toBe('2026-11-27T06:00:00.000Z')
})

test('a digest covers expirations up to the end of the seventh day after its own', () => {
  expect(digestReaches('2026-11-27').toISOString()).toBe('2026-12-05T00:00:00.000Z')
})
