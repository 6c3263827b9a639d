import { expect, test } from 'vitest'
import { takeSlot } from './take-slot.ts'

const slots = { name: 'test', most: 2, sentence: 'Too many at once.' }

test('a person has so many slots and no more, whatever others have', () => {
  const release = takeSlot(slots, 'anna')
  takeSlot(slots, 'anna')
  takeSlot(slots, 'ben')
  expect(() => takeSlot(slots, 'anna')).toThrow(expect.objectContaining({ code: 'rate_limited' }))
  release()
  takeSlot(slots, 'anna')
})

test('a slot given back twice is one slot', () => {
  const release = takeSlot(slots, 'cleo')
  takeSlot(slots, 'cleo')
  release()
  release()
  takeSlot(slots, 'cleo')
  expect(() => takeSlot(slots, 'cleo')).toThrow('rate_limited')
})
