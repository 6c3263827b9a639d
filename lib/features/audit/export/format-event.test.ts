import { expect, test } from 'vitest'
import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { auditCut, auditHeader, formatAuditRow } from './format-event.ts'

const row: AuditRow = {
  seq: '7',
  id: 'event-1',
  at: new Date('2026-03-01T10:30:00Z'),
  action: 'space.create',
  actor: { kind: 'user', handle: 'alice-7f3a9c', name: 'Alice' },
  target: { kind: 'space', id: 'space-1', name: 'lab' },
  spaceId: 'space-1',
  namespace: 'lab',
  observer: 'web/one',
  sourceAddress: '192.0.2.7',
  userAgent: null,
  destination: 'cluster/default',
  outcome: 'ok',
  reason: null,
  detail: {},
  requestId: null,
  clusterAuditId: null,
  route: null,
}

const lines = (text: string) => text.split('\r\n').slice(0, -1)

test('a CSV row has a field for each column of the header', () => {
  expect(lines(auditHeader())[0]?.split(',').length).toBe(lines(formatAuditRow(row))[0]?.split(',').length)
})

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@cell', "'@cell"],
  ['＝1＋1', "'＝1＋1"],
  ['＋1', "'＋1"],
  ['－1', "'－1"],
  ['＠cell', "'＠cell"],
])('%s is text for a spreadsheet, not a formula', (name, field) => {
  expect(formatAuditRow({ ...row, target: { ...row.target, name } })).toContain(`,${field},`)
})

test('quotes, commas and line breaks stay inside their field', () => {
  const text = formatAuditRow({ ...row, reason: 'a "b", c\r\nd', detail: { size: 'S', n: 1 } })
  expect(text).toContain(',"a ""b"", c\r\nd",')
  expect(text.endsWith(',"{""size"":""S"",""n"":1}"\r\n')).toBe(true)
})

test('a truncated file ends with a line that reports it', () => {
  expect(auditCut(row)).toMatch(/This file ends here, but the trail continues.*2026-03-01T10:30:00\.000Z/)
})
