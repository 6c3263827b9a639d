import { afterEach, expect, test, vi } from 'vitest'
import {
  dayAndTime,
  dayInWords,
  dayKey,
  dayTitle,
  timeInFull,
  timeInWords,
  timeOfDay,
  untilInWords,
  zoneName,
} from './time-in-words.ts'

const now = new Date('2026-11-25T12:00:00Z')
afterEach(() => vi.unstubAllEnvs())

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

test('a time of day and its zone are separate', () => {
  expect([timeOfDay(now, false), zoneName(now, false)]).toEqual(['12:00:00', 'UTC'])
  vi.stubEnv('TZ', 'Asia/Kolkata')
  expect(timeOfDay(now, true)).toBe('17:30:00')
})

test('a full time names its zone', () => {
  expect(timeInFull(now, false)).toBe('25 Nov 2026, 12:00 UTC')
})

test.each([
  ['2026-11-25T12:00:01Z', 'today', 'until today, 12:00 UTC'],
  ['2026-11-25T23:59:59Z', 'today', 'until today, 23:59 UTC'],
  ['2026-11-26T00:00:00Z', 'tomorrow', 'until tomorrow, 00:00 UTC'],
  ['2026-11-26T23:59:59Z', 'tomorrow', 'until tomorrow, 23:59 UTC'],
  ['2026-11-27T00:00:00Z', 'in 2 days', 'until Fri 27 Nov, 00:00 UTC'],
  ['2026-12-02T23:59:59Z', 'in 7 days', 'until Wed 2 Dec, 23:59 UTC'],
])('%s is %s, by calendar days', (at, day, until) => {
  expect(dayInWords(new Date(at), now)).toBe(day)
  expect(untilInWords(new Date(at), now)).toBe(until)
})

test('an upcoming day is shown with weekday, time and zone', () => {
  expect(dayAndTime(new Date('2026-11-27T23:59:59Z'))).toBe('Fri 27 Nov, 23:59 UTC')
  expect(dayAndTime(new Date('2027-01-03T05:07:00Z'))).toBe('Sun 3 Jan, 05:07 UTC')
})

test.each([
  ['2026-11-25T00:00:00Z', 'Today'],
  ['2026-11-24T23:59:59Z', 'Yesterday'],
  ['2026-11-23T12:00:00Z', 'Mon 23 Nov'],
  ['2026-01-01T00:00:00Z', 'Thu 1 Jan'],
  ['2025-12-31T23:59:59Z', 'Wed 31 Dec 2025'],
  ['2026-11-26T00:00:00Z', 'Thu 26 Nov'],
])('the day of %s has the heading %s', (at, title) => {
  expect(dayTitle(new Date(at), now, false)).toBe(title)
})

test('days follow the zone of the shown times', () => {
  vi.stubEnv('TZ', 'Pacific/Kiritimati')
  const at = new Date('2026-11-24T10:30:00Z')
  expect([dayKey(at, false), dayKey(at, true)]).toEqual(['2026-11-24', '2026-11-25'])
  expect([dayTitle(at, now, false), dayTitle(at, now, true)]).toEqual(['Yesterday', 'Yesterday'])
  vi.stubEnv('TZ', 'America/New_York')
  const early = new Date('2026-11-25T04:59:00Z')
  expect([dayTitle(early, now, false), dayTitle(early, now, true)]).toEqual(['Today', 'Yesterday'])
  // The night in which clocks change.
  expect(dayKey(new Date('2026-11-01T04:30:00Z'), true)).toBe('2026-11-01')
  expect(dayKey(new Date('2026-11-02T04:30:00Z'), true)).toBe('2026-11-01')
})
