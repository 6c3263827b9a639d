import { expect, test } from 'vitest'
import { groupRepeats } from './group-repeats.ts'

const grouped = (text: string) => groupRepeats([...text], (letter) => letter).map((group) => group.join(''))

test('only adjacent rows are grouped, and the order is kept', () => {
  expect(grouped('aabaccc')).toEqual(['aa', 'b', 'a', 'ccc'])
  expect(grouped('a')).toEqual(['a'])
  expect(grouped('')).toEqual([])
})

test('rows without a key form one group of their own', () => {
  expect(groupRepeats([{ says: '' }, { says: '' }], ({ says }) => says)).toHaveLength(1)
})
