import { expect, test } from 'vitest'
import { canonicalJson } from '#lib/kernel/model/canonical-json.ts'
import { type ReportedLine, reportFrame, reportLines, reviewHeader, reviewLine } from './review-report.ts'

const at = new Date('2026-01-02T03:04:05Z')
const line: ReportedLine = {
  ...{ id: 'l', kind: 'grant', state: 'kept', space: 'web', cluster: 'default', holder: 'bob-1' },
  ...{ group: null, groupIssuer: null, role: 'editor', wasRole: null, since: at, until: null, givenBy: 'ann-1' },
  ...{ lastUsedAt: null, unused: true, binding: null, decidedAt: at, decidedBy: null, toRole: null, reason: null },
}
const review = {
  ...{ id: 'r', name: 'a "lines":[ trick', undecided: 'keep' as const, at, dueAt: at, by: null, closedBy: null },
  ...{ scope: { cluster: null, spaces: [], people: [], roles: [] }, closeReason: null, clusters: [] },
  counts: { open: 0, kept: 2, revoked: 0, lowered: 0, flagged: 0, ended: 0, undecided: 0, shown: 0 },
}

test('the chunks of a report form one canonical JSON object for any review name', () => {
  const { head, tail } = reportFrame(review, at)
  const text = `${head}${reportLines([line])},${reportLines([{ ...line, group: 'team', groupIssuer: 'https://i' }])}${tail}`
  const parsed = JSON.parse(text)
  expect(canonicalJson(parsed)).toBe(text)
  expect(parsed.lines).toMatchObject([
    { holder: 'bob-1', decidedBy: null, group: null },
    { group: { name: 'team', issuer: 'https://i' } },
  ])
  expect(parsed.name).toBe(review.name)
})

test('the CSV names no decider for undecided lines', () => {
  const fields = (text: string) => text.trim().split(',')
  const at = fields(reviewHeader).indexOf('decided_by')
  expect(fields(reviewLine(line, ''))[at]).toBe('nobody')
  expect(fields(reviewLine({ ...line, decidedBy: 'ann-1' }, ''))[at]).toBe('ann-1')
  expect(fields(reviewLine({ ...line, state: 'open', decidedAt: null }, ''))[at]).toBe('')
})
