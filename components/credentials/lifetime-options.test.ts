import { expect, test } from 'vitest'
import { lifetimeOptions } from './lifetime-options.ts'

test('no lifetime is offered that policy would refuse', () => {
  expect(lifetimeOptions({ defaultHours: 8, maxHours: 48 }).map(({ value }) => value)).toEqual(['1', '8', '24', '48'])
})

test('the default and the maximum are offered in words', () => {
  expect(lifetimeOptions({ defaultHours: 12, maxHours: 720 }).map(({ label }) => label)).toEqual([
    '1 hour',
    '8 hours',
    '12 hours',
    '1 day',
    '7 days',
    '30 days',
  ])
})
