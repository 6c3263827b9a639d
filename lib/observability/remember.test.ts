import { expect, test } from 'vitest'
import { remember } from './remember.ts'

test('a value is read once per period, for all concurrent and later callers', async () => {
  let now = 0
  let readings = 0
  const read = remember(
    2_000,
    async () => ++readings,
    () => now,
  )
  expect(await Promise.all([read(), read(), read()])).toEqual([1, 1, 1])
  now = 2_000
  expect(await read()).toBe(1)
  now = 2_001
  expect(await read()).toBe(2)
})
