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
  own: { attention: 0, endingSoon: 0 },
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
  const found = attentionOf(overview, 0)
  expect(found).toHaveLength(1)
  return found[0]
}

test('nothing needs attention when all is well, regardless of totals', () => {
  expect(attentionOf(calm, 0)).toEqual([])
  expect(attentionOf({ ...calm, forAdmins: null }, 0)).toEqual([])
})

test('each problem is a sentence that links to what it counts', () => {
  expect(one(admins({ spaces: { ...calm.forAdmins.spaces, byStatus: { failed: 1 } } }))).toEqual({
    tone: 'bad',
    sentence: '1 space failed.',
    href: '/?status=failed',
  })
  expect(one(admins({ requests: { ...calm.forAdmins.requests, waitingForADay: 2 } }))).toEqual({
    tone: 'warn',
    sentence: '2 requests have waited for more than a day.',
    href: '/requests/open?age=day',
  })
  expect(one(admins({ breakGlassUse: { handle: 'break-glass-1' } }))).toMatchObject({
    href: '/admin/people/break-glass-1',
  })
  expect(one({ ...calm, people: { ...calm.people, unproven: 1 } })).toEqual({
    tone: 'warn',
    sentence: 'The offboarding of 1 person isn’t complete yet.',
    href: '/admin/people?state=unproven',
  })
  expect(one({ ...calm, trail: { verdict: 'broken', findings: 3, isLate: false } })).toEqual({
    tone: 'bad',
    sentence: 'The audit trail’s hash chain is broken: 3 findings.',
    href: '/audit/exports#chain',
  })
})

test('the reader’s own spaces and inbox need attention, for auditors too', () => {
  const { own, ...rest } = calm
  const linesFor = (changed: Partial<typeof own | Overview['own']>, inbox: number) =>
    attentionOf({ ...rest, own: { ...own, ...changed }, forAdmins: null }, inbox)
  expect(linesFor({ attention: 1 }, 0)).toEqual([
    { tone: 'bad', sentence: 'One of your spaces has a problem.', href: '/?health=attention' },
  ])
  expect(linesFor({ endingSoon: 2 }, 0)).toEqual([
    { tone: 'warn', sentence: '2 of your spaces end soon.', href: '/?owner=me&ends=soon' },
  ])
  expect(linesFor({}, 1)).toEqual([
    { tone: 'warn', sentence: '1 item in your inbox is waiting or unread.', href: '/inbox' },
  ])
  expect(linesFor({}, 100)[0]?.sentence).toBe('99+ items in your inbox are waiting or unread.')
})

test('each problem of a cluster gets its own line', () => {
  const sentencesOf = (changed: Partial<ClusterOverview>) =>
    attentionOf(admins({ clusters: [{ ...cluster, ...changed }] }), 0).map((line) => line.sentence)
  expect(sentencesOf({ fences: 'late' })).toEqual([
    'Cluster east hasn’t reported recently. Check that it and the worker are running.',
  ])
  expect(sentencesOf({ fences: 'unproved' })).toEqual(['Admission policies of cluster east haven’t been verified yet.'])
  expect(sentencesOf({ fences: 'faulty', faults: 1, rights: 2 })).toEqual([
    'Admission policies of cluster east aren’t in force: 1 fault.',
    'Cluster east has 2 rights that Spaceport didn’t grant.',
  ])
  const [line] = attentionOf(admins({ clusters: [{ ...cluster, fences: 'late' }] }), 0)
  expect(line?.href).toBe('/admin/clusters#cluster-east')
})

test('the worst comes first', () => {
  const found = attentionOf(
    {
      ...admins({ clusters: [{ ...cluster, rights: 1 }] }),
      trail: { verdict: 'unverified', findings: 0, isLate: true },
    },
    0,
  )
  expect(found.map(({ tone }) => tone)).toEqual(['bad', 'warn', 'warn'])
})
