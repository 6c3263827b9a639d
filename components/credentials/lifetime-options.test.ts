import { expect, test } from 'vitest'
import { lifetimeOptions } from './lifetime-options.ts'

test('no lifetime is offered that policy would refuse', () => {
  expect(lifetimeOptions(8, 48).map(({ value }) => value)).toEqual(['1', '8', '24', '48'])
})

test('the default and the greatest are offered in words', () => {
  expect(lifetimeOptions(12, 720).map(({ label }) => label)).toEqual([
    '1 hour',
    '8 hours',
    '12 hours',
    '1 day',
    '7 days',
    '30 days',
  ])
})
