import { expect, test } from 'vitest'
import { timeInFull, timeInWords } from './time-in-words.ts'

const now = new Date('2026-11-25T12:00:00Z')

test.each([
  ['2026-11-25T11:59:58Z', 'just now'],
  ['2026-11-25T11:57:00Z', '3 minutes ago'],
  ['2026-11-25T20:00:30Z', 'in 8 hours'],
  ['2026-11-25T19:59:50Z', 'in 8 hours'],
  ['2026-11-25T13:20:00Z', 'in 1 hour'],
  ['2026-11-25T11:00:20Z', '1 hour ago'],
  ['2026-11-25T12:00:20Z', 'in a moment'],
  ['2026-12-02T11:56:00Z', 'in 7 days'],
  ['2026-12-25T12:00:00Z', 'in 30 days'],
  ['2026-11-24T11:00:00Z', 'yesterday'],
  ['2026-12-05T12:00:01Z', 'in 10 days'],
  ['2024-11-01T12:00:00Z', '2 years ago'],
])('%s reads %s', (at, words) => {
  expect(timeInWords(new Date(at), now)).toBe(words)
})

test('an instant in full names its zone', () => {
  expect(timeInFull(now, false)).toBe('25 Nov 2026, 12:00 UTC')
})
