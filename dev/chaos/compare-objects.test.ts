import { expect, test } from 'vitest'
import { compareObjects } from './compare-objects.ts'

const told = { created: new Set(['0', '4', '8']), asked: new Set(['0', '4']), deleted: new Set(['0']) }

test('what was made and not deleted is there, once; what may be deleted may be there', () => {
  expect(compareObjects(['4', '8'], told)).toEqual([])
  expect(compareObjects(['8'], told)).toEqual([])
  // Its answer was lost, so nobody was told of it.
  expect(compareObjects(['8', '12'], told)).toEqual([])
})

test('an object that was answered 201 and is missing is named', () => {
  expect(compareObjects(['4'], told)).toEqual(['Object 8 is not there, and was made'])
})

test('one that was made twice, and one that is back', () => {
  expect(compareObjects(['8', '8'], told)).toEqual(['Object 8 was made 2 times'])
  expect(compareObjects(['0', '8'], told)).toEqual(['Object 0 is there, and was deleted'])
})

test('a run that made nothing proves nothing', () => {
  const none = new Set<string>()
  expect(compareObjects([], { created: none, asked: none, deleted: none })).toHaveLength(1)
})
