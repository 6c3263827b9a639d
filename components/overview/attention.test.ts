import { expect, test } from 'vitest'
import type { ClusterOverview, Overview } from '#lib/features/overview/model/overview.ts'
import { attentionOf } from './attention.ts'

const cluster: ClusterOverview = {
  name: 'east',
  fences: 'ok',
  faults: 0,
  rights: 0,
  provedAt: new Date(),
  spaces: 2,
  usage: null,
}
const calm = {
  readAt: new Date(),
  credentials: { active: 9, expiring: 3, unused: 2 },
  people: { active: 5, signedIn: 4, deactivated: 2, unproven: 0 },
  trail: { verdict: 'holds', findings: 0, isLate: false },
  forAdmins: {
    spaces: { total: 2, byStatus: { ready: 2 }, bySize: { S: 2 }, endingSoon: 1, owners: [] },
    requests: { waiting: 4, oldestAt: new Date(), waitingForADay: 0, forYou: 4 },
    clusters: [cluster],
    breakGlassUse: null,
  },
} as const satisfies Overview

const admins = (changed: Partial<typeof calm.forAdmins | NonNullable<Overview['forAdmins']>>): Overview => ({
  ...calm,
  forAdmins: { ...calm.forAdmins, ...changed },
})
const one = (overview: Overview) => {
  const found = attentionOf(overview)
  expect(found).toHaveLength(1)
  return found[0]
}

test('nothing needs anybody where all is well, however much there is', () => {
  expect(attentionOf(calm)).toEqual([])
  expect(attentionOf({ ...calm, forAdmins: null })).toEqual([])
})

test('what is wrong is said in a sentence, and leads to what it counts', () => {
  expect(one(admins({ spaces: { ...calm.forAdmins.spaces, byStatus: { failed: 1 } } }))).toEqual({
    tone: 'bad',
    says: '1 space failed.',
    href: '/?status=failed',
  })
  expect(one(admins({ requests: { ...calm.forAdmins.requests, waitingForADay: 2 } }))).toEqual({
    tone: 'warn',
    says: '2 requests have waited for more than a day.',
    href: '/requests/open?age=day',
  })
  expect(one(admins({ breakGlassUse: { handle: 'break-glass-1' } }))).toMatchObject({
    href: '/admin/people/break-glass-1',
  })
  expect(one({ ...calm, people: { ...calm.people, unproven: 1 } })).toEqual({
    tone: 'warn',
    says: 'The offboarding of 1 person isn’t proved yet.',
    href: '/admin/people?state=unproven',
  })
  expect(one({ ...calm, trail: { verdict: 'broken', findings: 3, isLate: false } })).toEqual({
    tone: 'bad',
    says: 'The audit trail’s chain doesn’t hold: 3 findings.',
    href: '/audit#chain',
  })
})

test('each fault of a cluster is a line of its own', () => {
  const says = (changed: Partial<ClusterOverview>) =>
    attentionOf(admins({ clusters: [{ ...cluster, ...changed }] })).map((line) => line.says)
  expect(says({ fences: 'late' })).toEqual(['Nothing has been heard of cluster east lately. Is it up, and the worker?'])
  expect(says({ fences: 'unproved' })).toEqual(['Admission policies of cluster east haven’t been proved yet.'])
  expect(says({ fences: 'faulty', faults: 1, rights: 2 })).toEqual([
    'Admission policies of cluster east aren’t in force: 1 fault.',
    'Cluster east has 2 rights that Spaceport didn’t give.',
  ])
  const [line] = attentionOf(admins({ clusters: [{ ...cluster, fences: 'late' }] }))
  expect(line?.href).toBe('/admin/clusters#cluster-east')
})

test('the worst comes first', () => {
  const found = attentionOf({
    ...admins({ clusters: [{ ...cluster, rights: 1 }] }),
    trail: { verdict: 'unverified', findings: 0, isLate: true },
  })
  expect(found.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'warn'])
})
