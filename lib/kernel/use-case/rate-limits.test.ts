import { expect, test } from 'vitest'
import { createRateLimits } from './rate-limits.ts'

const limited = { code: 'rate_limited' }
const nothing = () => Promise.resolve('done')

test('a rate limit applies to each person and each use separately', async () => {
  const within = createRateLimits()
  for (let count = 0; count < 60; count++) expect(await within('count-loss', 'anna', nothing)).toBe('done')
  await expect(within('count-loss', 'anna', nothing)).rejects.toMatchObject(limited)
  expect(await within('count-loss', 'ben', nothing)).toBe('done')
  expect(await within('read-inside', 'anna', nothing)).toBe('done')
})

test('no more than the limit wait at once, and each one that ends, successfully or not, makes room', async () => {
  const within = createRateLimits()
  const { promise, resolve } = Promise.withResolvers<string>()
  const waiting = [within('count-loss', 'anna', () => promise), within('count-loss', 'anna', () => promise)]
  await expect(within('count-loss', 'anna', nothing)).rejects.toMatchObject(limited)
  resolve('done')
  expect(await Promise.all(waiting)).toEqual(['done', 'done'])
  const broken = () => within('count-loss', 'anna', () => Promise.reject(new Error('broken')))
  for (let count = 0; count < 3; count++) await expect(broken()).rejects.toThrow('broken')
  expect(await within('count-loss', 'anna', nothing)).toBe('done')
})
