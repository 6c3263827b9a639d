import { expect, test } from 'vitest'
import { askableDurations, durationOptions } from './duration-options.ts'

const values = (asked: number | null) => durationOptions(asked).map(({ value }) => value)

test('an approver may shorten the requested duration but never extend it', () => {
  expect(values(20_160)).toEqual(['60', '240', '1440', '10080', '20160'])
  expect(values(1_440)).toEqual(['60', '240', '1440'])
  expect(values(15)).toEqual(['15'])
})

test('no end is offered only if it was requested', () => {
  expect(values(null)).toEqual(['60', '240', '1440', '10080', 'open'])
})

test('a role can be requested for an hour, four, a day, a week, an exact duration or until removed', () => {
  expect(askableDurations.map(({ label }) => label)).toEqual([
    '1 hour',
    '4 hours',
    '1 day',
    '7 days',
    'Until removed',
    'Exactly…',
  ])
})
