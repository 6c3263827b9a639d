import { expect, test } from 'vitest'
import { takeSlot } from './take-slot.ts'

const slots = { name: 'test', most: 2, sentence: 'Too many at once.' }

test('a person has a fixed number of slots, independent of others', () => {
  const release = takeSlot(slots, 'anna')
  takeSlot(slots, 'anna')
  takeSlot(slots, 'ben')
  expect(() => takeSlot(slots, 'anna')).toThrow(expect.objectContaining({ code: 'rate_limited' }))
  release()
  takeSlot(slots, 'anna')
})

test('releasing a slot twice frees only one', () => {
  const release = takeSlot(slots, 'cleo')
  takeSlot(slots, 'cleo')
  release()
  release()
  takeSlot(slots, 'cleo')
  expect(() => takeSlot(slots, 'cleo')).toThrow('rate_limited')
})

test('all people together have a fixed number of slots, if there is a limit', () => {
  const few = { name: 'few', most: 2, mostOfAll: 3, sentence: 'Too many at once.' }
  const release = takeSlot(few, 'anna')
  takeSlot(few, 'ben')
  takeSlot(few, 'ben')
  expect(() => takeSlot(few, 'cleo')).toThrow('rate_limited')
  release()
  takeSlot(few, 'cleo')
  expect(() => takeSlot(few, 'anna')).toThrow('rate_limited')
})
