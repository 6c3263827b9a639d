import { expect, test } from 'vitest'
import { activityTarget, failureInWords } from './activity-words.ts'
import type { AuditListRow } from './audit-list-data.ts'

const row: AuditListRow = {
  seq: '7',
  id: 'event-1',
  at: '2026-03-01T10:30:00.000Z',
  action: 'kubectl.delete',
  actor: { kind: 'user', handle: 'alice-7f3a9c', name: 'Alice' },
  target: { kind: 'deployments.apps', id: null, name: 'web' },
  spaceId: 'space-1',
  namespace: 'lab',
  observer: 'gateway/one',
  sourceAddress: '192.0.2.7',
  userAgent: 'kubectl',
  destination: 'cluster/default',
  outcome: 'ok',
  reason: null,
  detail: {},
  requestId: null,
  clusterAuditId: null,
}

test('an action with kubectl names the object', () => {
  expect(activityTarget(row)).toBe('deployments.apps web')
  expect(activityTarget({ ...row, target: { kind: 'secrets', id: null, name: null } })).toBe('secrets')
})

test.each([
  ['grant.add', { principal: 'user:bob-1a2b3c', role: 'editor' }, 'bob-1a2b3c (editor)'],
  ['grant.remove', { principal: 'group:team-blue', role: 'viewer' }, 'group team-blue (viewer)'],
  ['grant.change', { principal: 'user:bob-1a2b3c', before: {}, after: {} }, 'bob-1a2b3c'],
  ['space.offer', { from: 'alice-7f3a9c', to: 'bob-1a2b3c' }, 'bob-1a2b3c'],
  ['space.offer-accept', { from: 'alice-7f3a9c', to: 'bob-1a2b3c' }, 'from alice-7f3a9c'],
  ['space.drift-repaired', { drifted: ['ResourceQuota/spaceport'] }, 'ResourceQuota/spaceport'],
  ['space.create', { size: 'S' }, null],
])('%s says whom or what it was about', (action, detail, said) => {
  expect(activityTarget({ ...row, action, target: { kind: 'space', id: 'space-1', name: 'lab' }, detail })).toBe(said)
})

test('a refusal by the portal or the gateway is put in words', () => {
  expect(failureInWords(row)).toBeNull()
  expect(failureInWords({ ...row, outcome: 'refused', reason: 'self_escalation' })).toMatch(/^You can’t give yourself/)
  const refused = { ...row, outcome: 'refused' as const, reason: 'role_insufficient' }
  expect(failureInWords({ ...refused, detail: { message: 'a viewer may not delete' } })).toBe('a viewer may not delete')
  expect(failureInWords(refused)).toBe('role_insufficient')
})
