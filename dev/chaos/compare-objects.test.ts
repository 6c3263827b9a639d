import { expect, test } from 'vitest'
import { compareObjects } from './compare-objects.ts'

const told = { created: new Set(['0', '4', '8']), asked: new Set(['0', '4']), deleted: new Set(['0']) }

test('objects that were created and not deleted exist once; possibly deleted ones may exist', () => {
  expect(compareObjects(['4', '8'], told)).toEqual([])
  expect(compareObjects(['8'], told)).toEqual([])
  // Its answer was lost, so the client doesn't know.
  expect(compareObjects(['8', '12'], told)).toEqual([])
})

test('an object that was answered 201 and is missing is named', () => {
  expect(compareObjects(['4'], told)).toEqual(['Object 8 is missing, but was created'])
})

test('a duplicate, and a deleted object that exists, are found', () => {
  expect(compareObjects(['8', '8'], told)).toEqual(['Object 8 was created 2 times'])
  expect(compareObjects(['0', '8'], told)).toEqual(['Object 0 exists, but was deleted'])
})

test('a run that created nothing proves nothing', () => {
  const none = new Set<string>()
  expect(compareObjects([], { created: none, asked: none, deleted: none })).toHaveLength(1)
})
