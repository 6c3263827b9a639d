import { expect, test } from 'vitest'
import { durationOptions } from './duration-options.ts'

const values = (maxDays: number | null) => durationOptions(maxDays).map(({ value }) => value)

test('an approver may shorten the requested duration, never extend it', () => {
  expect(values(14)).toEqual(['1', '7', '14'])
  expect(values(7)).toEqual(['1', '7'])
  expect(values(1)).toEqual(['1'])
})

test('no end date is offered only where none was requested', () => {
  expect(values(null)).toEqual(['1', '7', '30', '90', 'open'])
})
