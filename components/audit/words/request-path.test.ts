import { expect, test } from 'vitest'
import type { AuditRecord } from '#lib/features/audit/model/audit-record.ts'
import { requestPath } from './request-path.ts'

const intent: AuditRecord = {
  seq: '202611000000000001',
  id: 'intent-1',
  intent_id: null,
  action: 'kubectl.delete',
  at: '2026-11-26T10:00:00.000+00:00',
  actor_kind: 'user',
  actor_handle: 'alice-7f3a9c',
  actor_name: 'Alice',
  target_kind: 'deployments.apps',
  target_id: null,
  target_name: 'web',
  space_id: 'space-1',
  namespace: 'web-dev',
  observer: 'gateway/one',
  source_address: '192.0.2.7',
  user_agent: 'kubectl/v1.34',
  destination: 'cluster/default',
  outcome: null,
  reason: null,
  detail: { verb: 'delete', credential: 'credential-1' },
  request_id: 'request-1',
  cluster_audit_id: 'audit-1',
  recorded_at: '2026-11-26T10:00:00.001+00:00',
  route: null,
}
const outcome: AuditRecord = {
  ...intent,
  id: 'outcome-1',
  intent_id: 'intent-1',
  at: '2026-11-26T10:00:00.042+00:00',
  outcome: 'ok',
  detail: { code: 200 },
}
const cluster: AuditRecord = {
  ...intent,
  id: 'cluster-1',
  action: 'cluster.delete',
  at: '2026-11-26T10:00:00.020+00:00',
  observer: 'cluster/default',
  source_address: '10.0.0.9',
  route: 'gateway',
  outcome: 'ok',
  detail: { code: 200, user: 'system:serviceaccount:spaceport-system:spaceport-gateway', impersonated: 'alice' },
}
const reportedAt = '2026-11-26T10:00:01.000Z'

const way = (records: AuditRecord[], clusterReportedAt: string | null = reportedAt, id = 'intent-1') =>
  requestPath({ records, id, clusterReportedAt })?.map(({ name, value, state }) => [name, value, state])

test('a request goes from the person to the API server, and each hop says who observed it and when', () => {
  const all = [intent, cluster, outcome]
  expect(way(all)).toEqual([
    ['Person', 'Alice', 'known'],
    ['Credential', 'Kubeconfig', 'known'],
    ['Gateway', 'Allowed', 'known'],
    ['API server', 'Answered 200', 'known'],
    ['Outcome', 'Done', 'known'],
  ])
  const hops = requestPath({ records: all, id: 'intent-1', clusterReportedAt: reportedAt })
  expect(hops?.map(({ observer }) => observer)).toEqual([null, null, 'gateway/one', 'cluster/default', 'gateway/one'])
  expect(hops?.[3]).toMatchObject({ at: cluster.at, lines: expect.arrayContaining(['from 10.0.0.9', 'as alice']) })
  expect(hops?.[4]?.lines).toEqual(['status 200', 'after 42 milliseconds'])
})

test('every row of a request leads to the same path', () => {
  for (const id of ['outcome-1', 'cluster-1'])
    expect(way([intent, cluster, outcome], reportedAt, id)).toEqual(way([intent, cluster, outcome]))
})

test('a missing hop is shown with the reason', () => {
  expect(way([intent])?.slice(3)).toEqual([
    ['API server', 'Not reported', 'missing'],
    ['Outcome', 'Not recorded', 'missing'],
  ])
  expect(way([intent, outcome], null)?.[3]).toEqual(['API server', 'Not connected', 'missing'])
})

test('a request that the gateway refuses ends there', () => {
  const refused: AuditRecord = {
    ...intent,
    cluster_audit_id: null,
    outcome: 'refused',
    reason: 'no_access',
    detail: { code: 403 },
  }
  expect(way([refused])).toEqual([
    ['Person', 'Alice', 'known'],
    ['Credential', 'No valid credential', 'missing'],
    ['Gateway', 'Refused', 'refused'],
    ['Outcome', 'Refused', 'refused'],
  ])
})

test('a request that bypassed the gateway has no gateway hop', () => {
  const around: AuditRecord = {
    ...cluster,
    route: 'around',
    actor_kind: 'cluster',
    actor_handle: null,
    actor_name: 'kubernetes-admin',
  }
  expect(way([around], reportedAt, 'cluster-1')).toEqual([
    ['Identity', 'kubernetes-admin', 'known'],
    ['Gateway', 'Bypassed', 'missing'],
    ['API server', 'Answered 200', 'known'],
    ['Outcome', 'Done', 'known'],
  ])
})

test('an event that goes to no cluster has no path', () => {
  expect(way([{ ...intent, action: 'space.create' }])).toBeUndefined()
  expect(way([], null)).toBeUndefined()
})
