import { expect, test } from 'vitest'
import { createSlots } from './slots.ts'

test('a key takes only its own slots, and each becomes free again', () => {
  const slots = createSlots(2)
  const release = slots.take('a')
  expect(slots.take('a')).not.toBeNull()
  expect(slots.take('a')).toBeNull()
  expect(slots.full()).toEqual(['a'])
  expect(slots.take('b')).not.toBeNull()
  release?.()
  release?.()
  expect(slots.full()).toEqual([])
  expect(slots.take('a')).not.toBeNull()
  expect(slots.take('a')).toBeNull()
})

test('all keys together have so many slots', () => {
  const slots = createSlots(2, 3)
  const release = slots.take('a')
  expect([slots.take('b'), slots.take('b')]).not.toContain(null)
  expect(slots.take('c')).toBeNull()
  release?.()
  expect(slots.take('c')).not.toBeNull()
})
