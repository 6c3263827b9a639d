import { expect, test } from 'vitest'
import { auditActions, gatewayActions } from '#lib/domain/audit-action.ts'
import { actionLabel, knownActions, rowLabel } from './action-label.ts'

test('a known action reads as a sentence', () => {
  expect(actionLabel('space.create')).toBe('Created the space')
})

test('what was refused or failed is not told as done', () => {
  expect(rowLabel({ action: 'space.delete', outcome: 'ok' })).toBe('Deleted the space')
  expect(rowLabel({ action: 'space.delete', outcome: 'refused' })).toBe('Tried to delete the space')
  expect(rowLabel({ action: 'kubectl.teleport', outcome: 'failed' })).toBe('kubectl.teleport')
})

test('an unknown action is shown as it is, whatever it is called', () => {
  expect(actionLabel('kubectl.teleport')).toBe('kubectl.teleport')
  expect(actionLabel('constructor')).toBe('constructor')
})

test('the filter offers what is written into the trail, and nothing that never is', () => {
  expect([...knownActions].sort()).toEqual([...auditActions, ...gatewayActions].sort())
})
