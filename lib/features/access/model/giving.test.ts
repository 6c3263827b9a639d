import { expect, test } from 'vitest'
import type { AccessSpan } from '#lib/kernel/model/access/escalation.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { decideGiving, type Gift, type Giver } from './giving.ts'

const day = (count: number) => new Date(Date.UTC(2026, 0, count))
const gift = (role: Role, endsAt: Date | null = null): Gift => ({ role, endsAt })
const giver = (held: AccessSpan[], more: Partial<Giver> = {}): Giver => ({
  held,
  platformRole: 'member',
  reachesSelf: false,
  ...more,
})
const holds = (standing: AccessSpan['standing'], endsAt: Date | null = null): AccessSpan => ({ standing, endsAt })
const admin = { platformRole: 'admin' } as const
const self = { reachesSelf: true }

test.each<[string, Giver, Gift, ReturnType<typeof decideGiving>]>([
  ['an owner gives without an end date', giver([holds('owner')]), gift('admin'), 'own'],
  ['an admin gives what they hold', giver([holds('admin')]), gift('admin'), 'own'],
  ['an admin gives until their own role ends', giver([holds('admin', day(2))]), gift('editor', day(2)), 'own'],
  [
    'an admin gives nothing that outlasts their own role',
    giver([holds('admin', day(2))]),
    gift('viewer', day(3)),
    'beyond_own',
  ],
  [
    'an admin whose role ends gives nothing without an end date',
    giver([holds('admin', day(2))]),
    gift('viewer'),
    'beyond_own',
  ],
  [
    'the end of each role counts separately',
    giver([holds('admin', day(2)), holds('viewer')]),
    gift('editor'),
    'beyond_own',
  ],
  [
    'a role held without end can be given without end',
    giver([holds('admin', day(2)), holds('viewer')]),
    gift('viewer'),
    'own',
  ],
  [
    'giving to one’s own group makes nothing last',
    giver([holds('admin', day(2))], self),
    gift('viewer'),
    'self_escalation',
  ],
  ['a platform admin gives to others as a platform admin', giver([], admin), gift('admin'), 'platform-admin'],
  ['a platform admin gives nothing to themselves', giver([], { ...admin, ...self }), gift('viewer'), 'self_escalation'],
  [
    'a platform admin who is a viewer gives as a platform admin',
    giver([holds('viewer')], admin),
    gift('viewer'),
    'platform-admin',
  ],
  [
    'a platform admin who is a viewer gives nothing to their own group',
    giver([holds('viewer')], { ...admin, ...self }),
    gift('viewer'),
    'self_escalation',
  ],
  ['a platform admin who is an admin gives what they hold', giver([holds('admin')], admin), gift('admin'), 'own'],
  [
    'a platform admin gives beyond what they hold as a platform admin',
    giver([holds('admin', day(2))], admin),
    gift('admin'),
    'platform-admin',
  ],
])('%s', (_name, who, what, expected) => {
  expect(decideGiving(who, what)).toBe(expected)
})

test.each<[string, Giver, Gift, Gift, ReturnType<typeof decideGiving>]>([
  ['giving less than before is always allowed', giver([holds('admin', day(2))]), gift('viewer'), gift('admin'), 'own'],
  [
    'a lower role for longer counts as more',
    giver([holds('admin', day(2))]),
    gift('viewer', day(9)),
    gift('admin', day(3)),
    'beyond_own',
  ],
  [
    'a platform admin takes back as a platform admin',
    giver([], admin),
    gift('viewer'),
    gift('admin'),
    'platform-admin',
  ],
])('of a change: %s', (_name, who, what, before, expected) => {
  expect(decideGiving(who, what, before)).toBe(expected)
})
