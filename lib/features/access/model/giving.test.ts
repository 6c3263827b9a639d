import { expect, test } from 'vitest'
import type { AccessSpan } from '#lib/kernel/model/access/escalation.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { type Granter, type GrantTerms, grantAuthority } from './giving.ts'

const day = (count: number) => new Date(Date.UTC(2026, 0, count))
const terms = (role: Role, endsAt: Date | null = null): GrantTerms => ({ role, endsAt })
const granter = (held: AccessSpan[], more: Partial<Granter> = {}): Granter => ({
  held,
  platformRole: 'member',
  reachesSelf: false,
  ...more,
})
const holds = (standing: AccessSpan['standing'], endsAt: Date | null = null): AccessSpan => ({ standing, endsAt })
const admin = { platformRole: 'admin' } as const
const self = { reachesSelf: true }

test.each<[string, Granter, GrantTerms, ReturnType<typeof grantAuthority>]>([
  ['an owner grants a role without an end', granter([holds('owner')]), terms('admin'), 'own'],
  ['an admin grants their own role', granter([holds('admin')]), terms('admin'), 'own'],
  ['an admin grants a role until their own ends', granter([holds('admin', day(2))]), terms('editor', day(2)), 'own'],
  [
    'an admin cannot grant a role that outlasts their own',
    granter([holds('admin', day(2))]),
    terms('viewer', day(3)),
    'beyond_own',
  ],
  [
    'a temporary admin cannot grant a role without an end',
    granter([holds('admin', day(2))]),
    terms('viewer'),
    'beyond_own',
  ],
  [
    'each role’s end is checked separately',
    granter([holds('admin', day(2)), holds('viewer')]),
    terms('editor'),
    'beyond_own',
  ],
  [
    'a permanent role allows permanent grants',
    granter([holds('admin', day(2)), holds('viewer')]),
    terms('viewer'),
    'own',
  ],
  [
    'an admin cannot make their own role permanent through their group',
    granter([holds('admin', day(2))], self),
    terms('viewer'),
    'self_escalation',
  ],
  ['a platform admin grants roles to others by platform role', granter([], admin), terms('admin'), 'platform-admin'],
  [
    'a platform admin cannot grant themselves a role',
    granter([], { ...admin, ...self }),
    terms('viewer'),
    'self_escalation',
  ],
  [
    'a platform admin who is a viewer grants by platform role',
    granter([holds('viewer')], admin),
    terms('viewer'),
    'platform-admin',
  ],
  [
    'a platform admin who is a viewer cannot grant roles to their own group',
    granter([holds('viewer')], { ...admin, ...self }),
    terms('viewer'),
    'self_escalation',
  ],
  [
    'a platform admin who is a space admin grants from their own role',
    granter([holds('admin')], admin),
    terms('admin'),
    'own',
  ],
  [
    'a platform admin grants more than their own role by platform role',
    granter([holds('admin', day(2))], admin),
    terms('admin'),
    'platform-admin',
  ],
])('%s', (_name, who, what, expected) => {
  expect(grantAuthority(who, what)).toBe(expected)
})

test.each<[string, Granter, GrantTerms, GrantTerms, ReturnType<typeof grantAuthority>]>([
  ['reducing a grant is always allowed', granter([holds('admin', day(2))]), terms('viewer'), terms('admin'), 'own'],
  [
    'a lower role with a later end counts as more',
    granter([holds('admin', day(2))]),
    terms('viewer', day(9)),
    terms('admin', day(3)),
    'beyond_own',
  ],
  [
    'a platform admin reduces a grant by platform role',
    granter([], admin),
    terms('viewer'),
    terms('admin'),
    'platform-admin',
  ],
])('changing a grant: %s', (_name, who, what, before, expected) => {
  expect(grantAuthority(who, what, before)).toBe(expected)
})
