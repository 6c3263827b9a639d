import { expect, test } from 'vitest'
import { gainedRights } from '#lib/kernel/model/access/role-rules.ts'
import { gainedRisks } from '#lib/kernel/model/requests/request-risk.ts'
import { chipLabels, riskWords } from './risk-words.ts'

const chips = (from: Parameters<typeof gainedRights>[0], to: Parameters<typeof gainedRights>[1], admin = false) =>
  chipLabels({ risks: gainedRisks(gainedRights(from, to), admin), excess: [] })

test('chips show only newly gained permissions', () => {
  expect(chips(null, 'viewer')).toEqual([])
  expect(chips(null, 'editor')).toEqual(['Secrets', 'Shell', 'Write'])
  expect(chips('viewer', 'editor')).toEqual(['Secrets', 'Shell', 'Write'])
  expect(chips('editor', 'admin', true)).toEqual(['Grants permissions'])
  expect(chips('admin', 'editor')).toEqual([])
})

test('a temporary admin can grant roles in the portal but not on the cluster', () => {
  expect(chips('editor', 'editor', true)).toEqual(['Grants permissions'])
})

test('both limits are named when both are exceeded', () => {
  expect(chipLabels({ risks: [], excess: ['space_limit', 'size_limit'] })).toEqual([
    'Over the space limit',
    'Over the size limit',
  ])
})

test('in a list the risks are one phrase', () => {
  expect(riskWords(['secrets', 'shell', 'write'])).toBe('Secrets, shell, write')
  expect(riskWords([])).toBeNull()
})
