import { expect, test } from 'vitest'
import { createSeqSet } from './seq-set.ts'

const base = 202_612_000_000_000_000n

test('a seq is new only once, whether its neighbourhood is sparse or dense', () => {
  const set = createSeqSet()
  for (const step of [1n, 7n, 70_000n])
    for (let i = 0n; i < 1_000n; i++) {
      const seq = base * step + i * step
      expect(set.has(seq)).toBe(false)
      expect(set.add(seq)).toBe(true)
      expect(set.add(seq)).toBe(false)
      expect(set.has(seq)).toBe(true)
      expect(set.has(seq + 500_000n * step)).toBe(false)
    }
  expect(set.counts().reduce((sum, { count }) => sum + count, 0)).toBe(3_000)
})

test('slices are ordered, also below zero', () => {
  const set = createSeqSet()
  for (const seq of [65_536n, 5n, -1n, 65_535n, -65_537n, 131_071n]) set.add(seq)
  expect(set.counts()).toEqual([
    { slice: -2n, count: 1 },
    { slice: -1n, count: 1 },
    { slice: 0n, count: 2 },
    { slice: 1n, count: 2 },
  ])
  expect(set.has(-1n)).toBe(true)
  expect(set.has(-2n)).toBe(false)
})
