import { expect, test } from 'vitest'
import { createPlaces } from './places.ts'

test('a key uses only its own slots, and each becomes free again', () => {
  const places = createPlaces(2)
  expect([places.take('a'), places.take('a'), places.take('a')]).toEqual([true, true, false])
  expect(places.full()).toEqual(['a'])
  expect(places.take('b')).toBe(true)
  places.free('a')
  expect(places.full()).toEqual([])
  expect(places.take('a')).toBe(true)
  expect(places.take('a')).toBe(false)
})
