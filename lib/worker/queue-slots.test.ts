import { expect, test } from 'vitest'
import { createQueueSlots } from './queue-slots.ts'

test('a key uses only its own slots, and each becomes free again', () => {
  const slots = createQueueSlots(2)
  expect([slots.take('a'), slots.take('a'), slots.take('a')]).toEqual([true, true, false])
  expect(slots.full()).toEqual(['a'])
  expect(slots.take('b')).toBe(true)
  slots.free('a')
  expect(slots.full()).toEqual([])
  expect(slots.take('a')).toBe(true)
  expect(slots.take('a')).toBe(false)
})
