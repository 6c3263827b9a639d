import { expect, test } from 'vitest'
import { createRefusalBound } from './refusal-bound.ts'

const minute = '2026-11-26T10:00:00.000000Z'

test('a limited number of refusals per user and minute is kept, and the same ones for a repeated batch', () => {
  const admits = createRefusalBound()
  const all = Array.from({ length: 30 }, (_, i) => String(i))
  const kept = all.filter((one) => admits('pod', minute, one))
  expect(kept).toEqual(all.slice(0, 10))
  expect(all.filter((one) => admits('pod', minute, one))).toEqual(kept)
  expect(admits('other', minute, 'a')).toBe(true)
  expect(admits('pod', '2026-11-26T10:01:00.000000Z', 'a')).toBe(true)
})

test('memory is bounded', () => {
  const admits = createRefusalBound()
  for (let i = 0; i < 10; i++) admits('pod', minute, String(i))
  expect(admits('pod', minute, 'more')).toBe(false)
  for (let i = 0; i < 10_000; i++) admits(`user-${i}`, minute, 'a')
  expect(admits('pod', minute, 'more')).toBe(true)
})
