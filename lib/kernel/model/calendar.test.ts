import { expect, test } from 'vitest'
import { isDay } from './calendar.ts'

test('only days that exist are accepted', () => {
  for (const day of ['2026-03-01', '2028-02-29', '1970-01-01', '2999-12-31']) expect(isDay(day), day).toBe(true)
  for (const day of ['2099-02-30', '2026-02-29', '2026-04-31', '2026-13-01', '2026-00-10', '2026-01-00', '2026-01-32'])
    expect(isDay(day), day).toBe(false)
})

test('only days that the database accepts are accepted, in one spelling', () => {
  for (const day of [
    '0000-01-01',
    '0001-01-01',
    '1969-12-31',
    '3000-01-01',
    '9999-12-31',
    '+12026-01-01',
    '-00001-01-01',
  ])
    expect(isDay(day), day).toBe(false)
  for (const day of ['2026-1-1', '2026-01-01T00:00', ' 2026-01-01', '2026-01-01\n', '20260101', ''])
    expect(isDay(day), day).toBe(false)
})
