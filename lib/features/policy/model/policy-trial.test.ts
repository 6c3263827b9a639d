import { expect, test } from 'vitest'
import { rulesOfConfiguration } from '#lib/kernel/model/policy/policy-rules.ts'
import { checkGrant, checkRequest, checkSpace, tryRules } from './policy-trial.ts'

const rules = rulesOfConfiguration({ spaceLimit: 2, maxSize: 'M' })
const at = new Date('2026-03-01T12:00:00Z')
const space = {
  space: { name: 'a', cluster: 'default' },
  exists: true,
  owner: 'anna',
  size: 'M' as const,
  endsAt: null,
  at,
  approved: false,
  ownedBefore: 1,
  exempt: false,
}

test('a space is checked for size, number and end, unless it was approved or its owner is exempt', () => {
  expect(checkSpace(rules, space)).toBeNull()
  expect(checkSpace(rules, { ...space, ownedBefore: 2 })).toMatchObject({ outcome: 'approval' })
  expect(checkSpace(rules, { ...space, size: 'L' })).toMatchObject({ outcome: 'approval', why: 'Size L' })
  expect(checkSpace(rules, { ...space, size: 'L', approved: true })).toBeNull()
  const ending = { ...rules, longestSpaceDays: 1 }
  expect(checkSpace(ending, { ...space, approved: true })).toMatchObject({ outcome: 'refused' })
  expect(checkSpace(ending, { ...space, exempt: true })).toBeNull()
  expect(checkSpace(ending, { ...space, endsAt: new Date('2026-03-02T23:59:59Z') })).toBeNull()
  expect(checkSpace(ending, { ...space, endsAt: new Date('2026-03-03T00:00:00Z') })).toMatchObject({
    why: 'The space would have had to end within 1 day',
  })
})

test('a granted role is checked for required approval and duration', () => {
  const grant = { space: space.space, exists: true, to: 'ben', role: 'editor' as const, startsAt: at, endsAt: null, at }
  expect(checkGrant(rules, { ...grant, exempt: false })).toBeNull()
  const strict = {
    ...rules,
    approvalRoles: ['admin' as const],
    longestRoleDays: { viewer: null, editor: 2, admin: null },
  }
  expect(checkGrant(strict, { ...grant, exempt: false })).toMatchObject({ outcome: 'refused' })
  expect(checkGrant(strict, { ...grant, exempt: true })).toBeNull()
  expect(checkGrant(strict, { ...grant, role: 'admin', exempt: false })).toMatchObject({ outcome: 'approval' })
})

test('a decided request is checked for its waiting time and what it granted', () => {
  const request = {
    id: 'x',
    requester: 'ben',
    state: 'approved' as const,
    kind: 'role' as const,
    approvals: 1,
    gave: { role: 'viewer' as const, endsAt: null },
    createdAt: new Date('2026-02-28T12:00:00Z'),
    at,
    exempt: false,
  }
  expect(checkRequest({ ...rules, requestExpiryDays: 1 }, request)).toBeNull()
  const late = { ...request, at: new Date(at.getTime() + 1) }
  expect(checkRequest({ ...rules, requestExpiryDays: 1 }, late)).toMatchObject({ outcome: 'refused' })
  const strict = { ...rules, longestRoleDays: { viewer: 3, editor: null, admin: null } }
  expect(checkRequest(strict, request)).toMatchObject({ outcome: 'refused' })
  expect(checkRequest(strict, { ...request, state: 'denied' })).toBeNull()
  const two = { ...rules, roleRequests: { ...rules.roleRequests, approvals: 2 } }
  expect(checkRequest(two, request)).toEqual({ outcome: 'approval', why: 'It had 1 of 2 approvals' })
  for (const enough of [{ approvals: 2 }, { kind: 'size' as const }, { state: 'denied' as const }])
    expect(checkRequest(two, { ...request, ...enough })).toBeNull()
  expect(checkRequest(strict, { ...request, gave: null })).toBeNull()
  expect(
    checkRequest({ ...rules, longestSpaceDays: 3 }, { ...request, gave: { role: null, endsAt: null } }),
  ).toMatchObject({
    why: 'The space would have had to end within 3 days',
  })
})

test('the newest twenty are shown, all within the limit are counted, and exceeding the limit is reported', () => {
  const things = Array.from({ length: 31 }, (_, number) => ({ number }))
  const check = ({ number }: { number: number }) =>
    number % 2 === 0 ? null : { outcome: 'refused' as const, why: 'odd' }
  const { newest, ...counts } = tryRules(things, check, 30)
  expect(counts).toEqual({ tried: 30, more: true, refused: 15, approval: 0 })
  expect(newest.map(({ number }) => number)).toEqual([1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29])
  const all = tryRules(things, () => ({ outcome: 'approval' as const, why: 'all' }), 31)
  expect([all.newest.length, all.approval, all.more]).toEqual([20, 31, false])
})
