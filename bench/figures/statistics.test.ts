import { expect, test } from 'vitest'
import { median, percentile, spreadOf } from './statistics.ts'

test('a percentile is an actual sample, by nearest rank', () => {
  const samples = [5, 1, 4, 2, 3]
  expect(median(samples)).toBe(3)
  expect(percentile(samples, 0.99)).toBe(5)
  expect(percentile(samples, 0)).toBe(1)
})

test('a missing measurement never counts as fast', () => {
  expect(median([])).toBeNaN()
})

test('a spread has the minimum and the maximum', () => {
  expect(spreadOf([2, 9, 4])).toEqual({ median: 4, min: 2, max: 9 })
})
