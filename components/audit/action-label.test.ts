import { expect, test } from 'vitest'
import { actionLabel } from './action-label.ts'

test('a known action reads as a sentence', () => {
  expect(actionLabel('space.create')).toBe('Created the space')
})

test('an unknown action is shown as it is, whatever it is called', () => {
  expect(actionLabel('kubectl.teleport')).toBe('kubectl.teleport')
  expect(actionLabel('constructor')).toBe('constructor')
})
