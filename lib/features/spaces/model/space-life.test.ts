import { expect, test } from 'vitest'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { extendsAsPlatformAdmin, lifeNeedsApproval, longerLife } from './space-life.ts'

const day = (number: number) => new Date(Date.UTC(2026, 11, number))

test('a space without an approval or an end can live forever', () => {
  expect(lifeNeedsApproval({ endsAt: day(1), approvedUntil: null }, day(31))).toBe(false)
  expect(lifeNeedsApproval({ endsAt: day(1), approvedUntil: null }, null)).toBe(false)
})

test('an end after the approved day needs approval; up to it, or unchanged, it doesn’t', () => {
  const life = { endsAt: day(5), approvedUntil: day(10) }
  expect([day(4), day(10), day(5)].map((end) => lifeNeedsApproval(life, end))).toEqual([false, false, false])
  expect([day(11), null].map((end) => lifeNeedsApproval(life, end))).toEqual([true, true])
  expect(lifeNeedsApproval({ endsAt: day(12), approvedUntil: day(10) }, day(12))).toBe(false)
})

const now = new Date('2026-12-01T12:00:00Z')
const endOf = (date: string) => new Date(`${date}T23:59:59Z`)
const all = { change: true, request: true, asPlatformAdmin: false }
const free = { endsAt: endOf('2026-12-03'), approvedUntil: null }

test('“Keep it” adds thirty days, or as many as the policy and the approval allow', () => {
  expect(longerLife(free, all, { now, latest: null })).toEqual({ way: 'keep', end: endOf('2026-12-31') })
  expect(longerLife(free, all, { now, latest: latestEnd(now, 5) })).toEqual({ way: 'keep', end: endOf('2026-12-06') })
  const approved = { ...free, approvedUntil: endOf('2026-12-20') }
  expect(longerLife(approved, all, { now, latest: null })).toEqual({ way: 'keep', end: endOf('2026-12-20') })
  const midday = { ...free, approvedUntil: new Date('2026-12-20T12:00:00Z') }
  expect(longerLife(midday, all, { now, latest: null })).toEqual({ way: 'keep', end: endOf('2026-12-19') })
})

test('beyond the approval, a request is needed, except for platform admins in others’ spaces', () => {
  const approved = { ...free, approvedUntil: free.endsAt }
  expect(longerLife(approved, all, { now, latest: null })).toEqual({ way: 'request' })
  expect(longerLife(approved, { ...all, request: false }, { now, latest: null })).toEqual({ way: 'none' })
  const asPlatformAdmin = { ...all, asPlatformAdmin: true }
  expect(longerLife(approved, asPlatformAdmin, { now, latest: null })).toEqual({
    way: 'keep',
    end: endOf('2026-12-31'),
  })
  expect(extendsAsPlatformAdmin({ platformRole: 'admin', standing: 'owner' })).toBe(false)
  expect(extendsAsPlatformAdmin({ platformRole: 'admin', standing: 'viewer' })).toBe(true)
  expect(extendsAsPlatformAdmin({ platformRole: 'member', standing: 'admin' })).toBe(false)
})

test('a space at the policy’s latest end can’t be kept longer, and members who may not change it ask', () => {
  expect(longerLife(free, all, { now, latest: latestEnd(now, 2) })).toEqual({ way: 'none' })
  expect(longerLife(free, { change: false, request: false, asPlatformAdmin: false }, { now, latest: null })).toEqual({
    way: 'ask',
  })
})
