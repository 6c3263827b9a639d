import { expect, test } from 'vitest'
import { minutesInWords, spanOf, termOf } from './role-term.ts'

const at = (time: string) => new Date(`2026-11-26T${time}:00Z`)
const asked = { kind: 'role', spaceId: 's', cluster: 'default', space: 'payments', role: 'editor' } as const

test('a role’s time starts with the approval', () => {
  expect(spanOf({ minutes: 60, startsAt: null }, at('12:00'))).toEqual({ startsAt: at('12:00'), endsAt: at('13:00') })
  expect(spanOf({ minutes: null, startsAt: null }, at('12:00'))).toEqual({ startsAt: at('12:00'), endsAt: null })
})

test('a scheduled role starts at its time, or at a later approval, and lasts as long as requested', () => {
  const term = { minutes: 60, startsAt: at('18:00') }
  expect(spanOf(term, at('12:00'))).toEqual({ startsAt: at('18:00'), endsAt: at('19:00') })
  expect(spanOf(term, at('18:30'))).toEqual({ startsAt: at('18:30'), endsAt: at('19:30') })
})

test('a request’s term is read from its payload', () => {
  expect(termOf({ ...asked, minutes: null, startsAt: null })).toEqual({ minutes: null, startsAt: null })
  expect(termOf({ ...asked, minutes: 15, startsAt: at('18:00').toISOString() })).toEqual({
    minutes: 15,
    startsAt: at('18:00'),
  })
})

test('durations are never rounded', () => {
  expect([15, 60, 90, 240, 1_440, 1_500, 10_080].map(minutesInWords)).toEqual([
    '15 minutes',
    '1 hour',
    '90 minutes',
    '4 hours',
    '1 day',
    '25 hours',
    '7 days',
  ])
})
