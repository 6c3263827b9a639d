import { expect, test } from 'vitest'
import { createCounts } from './counts.ts'

test('a count that drops to zero leaves no key', () => {
  const counts = createCounts()
  expect([counts.add('a', 2), counts.add('b', 1), counts.add('a', -1)]).toEqual([2, 1, 1])
  expect([...counts.entries()]).toEqual([
    ['a', 1],
    ['b', 1],
  ])
  expect([counts.add('a', -1), counts.add('b', -5), counts.of('a')]).toEqual([0, -4, 0])
  expect([...counts.entries()]).toEqual([])
})
