import { expect, test } from 'vitest'
import { auditActions, gatewayActions } from '#lib/domain/audit-action.ts'
import { actionLabel, knownActions, rowLabel } from './action-label.ts'

test('a known action reads as a sentence', () => {
  expect(actionLabel('space.create')).toBe('Created the space')
})

test('a refused or failed action does not read as done', () => {
  expect(rowLabel({ action: 'space.delete', outcome: 'ok' })).toBe('Deleted the space')
  expect(rowLabel({ action: 'space.delete', outcome: 'refused' })).toBe('Tried to delete the space')
  expect(rowLabel({ action: 'kubectl.teleport', outcome: 'failed' })).toBe('kubectl.teleport')
})

test('an unknown action is shown as it is, whatever it is called', () => {
  expect(actionLabel('kubectl.teleport')).toBe('kubectl.teleport')
  expect(actionLabel('constructor')).toBe('constructor')
})

test('the filter offers exactly the actions that are written into the trail', () => {
  expect([...knownActions].sort()).toEqual([...auditActions, ...gatewayActions].sort())
})
