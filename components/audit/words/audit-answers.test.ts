import { expect, test } from 'vitest'
import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { auditAnswers, auditIds } from './audit-answers.ts'

const row: AuditRow = {
  seq: '7',
  id: 'event-1',
  at: new Date('2026-03-01T10:30:00.000Z'),
  action: 'space.create',
  actor: { kind: 'user', handle: 'alice-7f3a9c', name: 'Alice' },
  target: { kind: 'space', id: 'space-1', name: 'lab' },
  spaceId: 'space-1',
  namespace: 'lab',
  observer: 'web/one',
  sourceAddress: '192.0.2.7',
  userAgent: null,
  destination: 'cluster/default',
  outcome: 'refused',
  reason: 'name_taken',
  detail: {},
  requestId: null,
  clusterAuditId: null,
  route: null,
}

test('all seven questions and the outcome are answered', () => {
  expect(auditAnswers(row).map(({ question, lines }) => [question, lines])).toEqual([
    ['Action', ['space.create']],
    ['Time', ['2026-03-01T10:30:00.000Z']],
    ['Who', ['Alice', 'alice-7f3a9c']],
    ['Target', ['space lab', 'space-1', 'namespace lab']],
    ['Observed by', ['web/one']],
    ['Source', ['192.0.2.7']],
    ['Destination', ['cluster/default']],
    ['Outcome', ['Refused. Nothing was changed.', 'name_taken', 'This name is taken. Choose another.']],
  ])
})

test('action, target and outcome link to similar entries', () => {
  expect(auditAnswers(row).flatMap(({ question, narrow }) => (narrow ? [[question, narrow.by]] : []))).toEqual([
    ['Action', { action: 'space.create' }],
    ['Target', { text: 'space lab' }],
    ['Outcome', { outcome: 'refused' }],
  ])
})

test('an action without a recorded outcome isn’t described as done', () => {
  const answers = auditAnswers({ ...row, outcome: 'unknown', reason: null })
  expect(answers.at(-1)?.lines).toEqual(['Not recorded. The process stopped before it could write the outcome.'])
})

test('unknown ids are left out', () => {
  expect(auditIds(row).map(([name]) => name)).toEqual(['Event ID', 'Sequence number'])
  expect(auditIds({ ...row, requestId: 'r-1' }).at(-1)).toEqual(['Request ID in the logs', 'r-1'])
  expect(auditIds({ ...row, requestId: 'worker' })).toEqual(auditIds(row))
  expect(auditIds({ ...row, clusterAuditId: 'k-1' }).at(-1)).toEqual(['API server Audit-ID', 'k-1'])
})
