import { expect, test } from 'vitest'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { effectiveMembers, isEffective, type MemberGrant } from './membership.ts'

const at = new Date('2026-01-01T12:00:00Z')
const minutes = (count: number) => new Date(at.getTime() + count * 60_000)
const member = (name: string) => ({ userId: name, handle: `${name}-000000`, email: `${name}@example.com`, name })
const grant = (name: string, role: Role, more: Partial<MemberGrant> = {}): MemberGrant => ({
  role,
  startsAt: minutes(-1),
  endsAt: null,
  removedAt: null,
  member: member(name),
  ...more,
})

const rolesOf = (members: ReturnType<typeof effectiveMembers>) =>
  [...members.values()].map(({ member: { userId }, role }) => [userId, role])

test('a grant counts from its start until just before its end', () => {
  const span = { role: 'viewer' as const, startsAt: minutes(0), endsAt: minutes(1), removedAt: null }
  expect([minutes(-1), minutes(0), minutes(1)].map((instant) => isEffective(span, instant))).toEqual([
    false,
    true,
    false,
  ])
})

test('a removed grant never counts', () => {
  expect(isEffective({ role: 'admin', startsAt: minutes(-1), endsAt: null, removedAt: minutes(5) }, at)).toBe(false)
})

test('the highest of several grants counts, and the owner is an admin', () => {
  const members = effectiveMembers(
    member('olga'),
    [
      grant('eve', 'viewer'),
      grant('eve', 'editor'),
      grant('eve', 'admin', { endsAt: minutes(-0.5) }),
      grant('olga', 'viewer'),
    ],
    at,
  )
  expect(rolesOf(members)).toEqual([
    ['eve', 'editor'],
    ['olga', 'admin'],
  ])
})

test('an admin with an end date is an editor on the cluster, unless another grant makes them an admin without one', () => {
  const ends = { endsAt: minutes(60) }
  const members = effectiveMembers(
    member('olga'),
    [
      grant('ann', 'admin', ends),
      grant('ann', 'viewer'),
      grant('ben', 'admin', ends),
      grant('ben', 'admin'),
      grant('cai', 'admin', ends),
      grant('cai', 'admin', { endsAt: minutes(1e6) }),
      grant('dot', 'admin', ends),
      grant('dot', 'admin', { startsAt: minutes(5) }),
      grant('eve', 'viewer', ends),
      grant('olga', 'admin', ends),
    ],
    at,
  )
  expect(rolesOf(members)).toEqual([
    ['ann', 'editor'],
    ['ben', 'admin'],
    ['cai', 'editor'],
    ['dot', 'editor'],
    ['eve', 'viewer'],
    ['olga', 'admin'],
  ])
})
