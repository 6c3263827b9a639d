import { expect, test } from 'vitest'
import { type ClassifiedLine, classifyLine, settleOpenLines } from './classify-line.ts'

const end = new Date('2026-03-01T00:00:00Z')
const later = new Date('2026-04-01T00:00:00Z')
const grant: ClassifiedLine = {
  kind: 'grant',
  role: 'editor',
  endsAt: end,
  now: { role: 'editor', endsAt: new Date(end) },
  isThere: true,
}
const binding: ClassifiedLine = { kind: 'binding', role: 'ClusterRole/edit', endsAt: null, now: null, isThere: true }

test('an unchanged role can be kept, revoked or lowered', () => {
  expect(classifyLine(grant, { decision: 'keep' })).toBe('act')
  expect(classifyLine(grant, { decision: 'revoke' })).toBe('act')
  expect(classifyLine(grant, { decision: 'lower', toRole: 'viewer' })).toBe('act')
})

test('a role can only be lowered to a lower one', () => {
  for (const toRole of ['editor', 'admin', undefined] as const)
    expect(classifyLine(grant, { decision: 'lower', toRole })).toBe('unfit')
})

test('a role that changed or ended since is not acted on', () => {
  for (const decision of ['keep', 'revoke', 'lower'] as const) {
    const wish = { decision, toRole: 'viewer' as const }
    expect(classifyLine({ ...grant, now: null }, wish)).toBe('ended')
    expect(classifyLine({ ...grant, now: { role: 'admin', endsAt: end } }, wish)).toBe('changed')
    expect(classifyLine({ ...grant, now: { role: 'editor', endsAt: later } }, wish)).toBe('changed')
    expect(classifyLine({ ...grant, now: { role: 'editor', endsAt: null } }, wish)).toBe('changed')
  }
})

test('a binding that Spaceport didn’t make can be kept or flagged, and ownership cannot be reviewed', () => {
  expect(classifyLine(binding, { decision: 'keep' })).toBe('act')
  expect(classifyLine(binding, { decision: 'flag' })).toBe('act')
  expect(classifyLine(binding, { decision: 'revoke' })).toBe('unfit')
  expect(classifyLine({ ...binding, isThere: false }, { decision: 'keep' })).toBe('ended')
  expect(classifyLine(grant, { decision: 'flag' })).toBe('unfit')
  expect(classifyLine({ ...grant, kind: 'ownership' }, { decision: 'keep' })).toBe('unfit')
})

test('at the end, undecided roles are kept or revoked by the review’s rule', () => {
  expect(settleOpenLines(grant, 'keep')).toBe('keep')
  expect(settleOpenLines(grant, 'revoke')).toBe('revoke')
  expect(settleOpenLines({ ...grant, now: null }, 'revoke')).toBe('ended')
  expect(settleOpenLines(binding, 'revoke')).toBe('undecided')
})

test('at the end, a reduced role is still revoked, but a renewed one is kept', () => {
  const now = (role: 'viewer' | 'editor' | 'admin', endsAt: Date | null) =>
    settleOpenLines({ ...grant, now: { role, endsAt } }, 'revoke')
  expect(now('viewer', end)).toBe('revoke')
  expect(now('editor', new Date('2026-02-01T00:00:00Z'))).toBe('revoke')
  expect(now('admin', end)).toBe('keep')
  expect(now('editor', later)).toBe('keep')
})
