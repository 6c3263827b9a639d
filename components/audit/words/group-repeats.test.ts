import { expect, test } from 'vitest'
import { groupRepeats } from './group-repeats.ts'

const grouped = (text: string) => groupRepeats([...text], (letter) => letter).map((group) => group.join(''))

test('only neighbours are gathered, and the order stays', () => {
  expect(grouped('aabaccc')).toEqual(['aa', 'b', 'a', 'ccc'])
  expect(grouped('a')).toEqual(['a'])
  expect(grouped('')).toEqual([])
})

test('a row that says nothing is like others that say nothing, and not like none', () => {
  expect(groupRepeats([{ says: '' }, { says: '' }], ({ says }) => says)).toHaveLength(1)
})
