import { expect, test } from 'vitest'
import { type JudgedLine, judgeLine, judgeUndecided } from './classify-line.ts'

const end = new Date('2026-03-01T00:00:00Z')
const later = new Date('2026-04-01T00:00:00Z')
const grant: JudgedLine = {
  kind: 'grant',
  role: 'editor',
  endsAt: end,
  now: { role: 'editor', endsAt: new Date(end) },
  isThere: true,
}
const binding: JudgedLine = { kind: 'binding', role: 'ClusterRole/edit', endsAt: null, now: null, isThere: true }

test('a role that is as the line says is kept, revoked or lowered', () => {
  expect(judgeLine(grant, { decision: 'keep' })).toBe('act')
  expect(judgeLine(grant, { decision: 'revoke' })).toBe('act')
  expect(judgeLine(grant, { decision: 'lower', toRole: 'viewer' })).toBe('act')
})

test('a role is lowered to a lower one only', () => {
  for (const toRole of ['editor', 'admin', undefined] as const)
    expect(judgeLine(grant, { decision: 'lower', toRole })).toBe('unfit')
})

test('nothing is done about a role that changed or ended since', () => {
  for (const decision of ['keep', 'revoke', 'lower'] as const) {
    const wish = { decision, toRole: 'viewer' as const }
    expect(judgeLine({ ...grant, now: null }, wish)).toBe('ended')
    expect(judgeLine({ ...grant, now: { role: 'admin', endsAt: end } }, wish)).toBe('changed')
    expect(judgeLine({ ...grant, now: { role: 'editor', endsAt: later } }, wish)).toBe('changed')
    expect(judgeLine({ ...grant, now: { role: 'editor', endsAt: null } }, wish)).toBe('changed')
  }
})

test('a binding that Spaceport did not make can be kept or flagged; ownership is not decided about', () => {
  expect(judgeLine(binding, { decision: 'keep' })).toBe('act')
  expect(judgeLine(binding, { decision: 'flag' })).toBe('act')
  expect(judgeLine(binding, { decision: 'revoke' })).toBe('unfit')
  expect(judgeLine({ ...binding, isThere: false }, { decision: 'keep' })).toBe('ended')
  expect(judgeLine(grant, { decision: 'flag' })).toBe('unfit')
  expect(judgeLine({ ...grant, kind: 'ownership' }, { decision: 'keep' })).toBe('unfit')
})

test('at the end, what nobody decided about is kept or revoked as was chosen', () => {
  expect(judgeUndecided(grant, 'keep')).toBe('keep')
  expect(judgeUndecided(grant, 'revoke')).toBe('revoke')
  expect(judgeUndecided({ ...grant, now: null }, 'revoke')).toBe('ended')
  expect(judgeUndecided(binding, 'revoke')).toBe('undecided')
})

test('making a role smaller doesn’t save it from the end; giving it anew does', () => {
  const now = (role: 'viewer' | 'editor' | 'admin', endsAt: Date | null) =>
    judgeUndecided({ ...grant, now: { role, endsAt } }, 'revoke')
  expect(now('viewer', end)).toBe('revoke')
  expect(now('editor', new Date('2026-02-01T00:00:00Z'))).toBe('revoke')
  expect(now('admin', end)).toBe('keep')
  expect(now('editor', later)).toBe('keep')
})
