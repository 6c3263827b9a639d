import { expect, test } from 'vitest'
import type { Held } from '#lib/kernel/model/access/escalation.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { decideGiving, type Gift, type Giver } from './giving.ts'

const day = (count: number) => new Date(Date.UTC(2026, 0, count))
const gift = (role: Role, endsAt: Date | null = null): Gift => ({ role, endsAt })
const giver = (held: Held[], more: Partial<Giver> = {}): Giver => ({
  held,
  platformRole: 'member',
  reachesSelf: false,
  ...more,
})
const holds = (standing: Held['standing'], endsAt: Date | null = null): Held => ({ standing, endsAt })
const admin = { platformRole: 'admin' } as const
const self = { reachesSelf: true }

test.each<[string, Giver, Gift, ReturnType<typeof decideGiving>]>([
  ['an owner grants a role without an end', giver([holds('owner')]), gift('admin'), 'own'],
  ['an admin grants their own role', giver([holds('admin')]), gift('admin'), 'own'],
  ['an admin grants a role until their own ends', giver([holds('admin', day(2))]), gift('editor', day(2)), 'own'],
  [
    'an admin cannot grant a role that outlasts their own',
    giver([holds('admin', day(2))]),
    gift('viewer', day(3)),
    'beyond_own',
  ],
  [
    'a temporary admin cannot grant a role without an end',
    giver([holds('admin', day(2))]),
    gift('viewer'),
    'beyond_own',
  ],
  [
    'each role’s end is checked separately',
    giver([holds('admin', day(2)), holds('viewer')]),
    gift('editor'),
    'beyond_own',
  ],
  ['a permanent role allows permanent grants', giver([holds('admin', day(2)), holds('viewer')]), gift('viewer'), 'own'],
  [
    'an admin cannot make their own role permanent through their group',
    giver([holds('admin', day(2))], self),
    gift('viewer'),
    'self_escalation',
  ],
  ['a platform admin grants roles to others by platform role', giver([], admin), gift('admin'), 'platform-admin'],
  [
    'a platform admin cannot grant themselves a role',
    giver([], { ...admin, ...self }),
    gift('viewer'),
    'self_escalation',
  ],
  [
    'a platform admin who is a viewer grants by platform role',
    giver([holds('viewer')], admin),
    gift('viewer'),
    'platform-admin',
  ],
  [
    'a platform admin who is a viewer cannot grant roles to their own group',
    giver([holds('viewer')], { ...admin, ...self }),
    gift('viewer'),
    'self_escalation',
  ],
  [
    'a platform admin who is a space admin grants from their own role',
    giver([holds('admin')], admin),
    gift('admin'),
    'own',
  ],
  [
    'a platform admin grants more than their own role by platform role',
    giver([holds('admin', day(2))], admin),
    gift('admin'),
    'platform-admin',
  ],
])('%s', (_name, who, what, expected) => {
  expect(decideGiving(who, what)).toBe(expected)
})

test.each<[string, Giver, Gift, Gift, ReturnType<typeof decideGiving>]>([
  ['reducing a grant is always allowed', giver([holds('admin', day(2))]), gift('viewer'), gift('admin'), 'own'],
  [
    'a lower role with a later end counts as more',
    giver([holds('admin', day(2))]),
    gift('viewer', day(9)),
    gift('admin', day(3)),
    'beyond_own',
  ],
  [
    'a platform admin reduces a grant by platform role',
    giver([], admin),
    gift('viewer'),
    gift('admin'),
    'platform-admin',
  ],
])('changing a grant: %s', (_name, who, what, before, expected) => {
  expect(decideGiving(who, what, before)).toBe(expected)
})
