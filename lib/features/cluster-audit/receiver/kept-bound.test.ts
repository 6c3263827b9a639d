import { expect, test } from 'vitest'
import { gatewayUserName, personUserName } from '#lib/kernel/model/spaces/cluster-names.ts'
import { classifyEvent } from './classify-event.ts'
import { readClusterEvent } from './cluster-event.ts'
import { eventOf } from './event-fixture.ts'
import { classOf, createKeptBound, type KeptClass } from './kept-bound.ts'

const ask = (user: string, of: KeptClass, cluster = 'lab') => ({ cluster, user, of })
const times = (count: number, one: () => boolean) => Array.from({ length: count }, one).filter(Boolean).length

test('a user has a burst and then a rate, separate from grave events and from other users', () => {
  const keeps = createKeptBound()
  expect(times(1_500, () => keeps(ask('ci', 'ordinary'), 0))).toBe(1_000)
  expect(keeps(ask('ci', 'grave'), 0)).toBe(true)
  expect(keeps(ask('other', 'ordinary'), 0)).toBe(true)
  expect(times(500, () => keeps(ask('ci', 'ordinary'), 60_000))).toBe(120)
})

test('any number of users share a limit, which doesn’t affect other clusters or Spaceport’s identities', () => {
  const keeps = createKeptBound()
  let user = 0
  expect(times(25_000, () => keeps(ask(`user-${user++}`, 'ordinary'), 0))).toBe(10_000)
  expect(keeps(ask('other', 'ordinary'), 0)).toBe(false)
  expect(keeps(ask('other', 'grave'), 0)).toBe(true)
  expect(keeps(ask('other', 'ordinary', 'prod'), 0)).toBe(true)
  expect(keeps(ask('gateway', 'proof'), 0)).toBe(true)
  expect(times(60_000, () => keeps(ask('broker', 'broker'), 0))).toBe(50_000)
  expect(times(60_000, () => keeps(ask('gateway', 'noted'), 0))).toBe(50_000)
  expect(keeps(ask('gateway', 'proof'), 0)).toBe(true)
})

test('a clock that goes back adds nothing', () => {
  const keeps = createKeptBound()
  times(1_000, () => keeps(ask('ci', 'ordinary'), 60_000))
  expect(keeps(ask('ci', 'ordinary'), 0)).toBe(false)
})

test.each([
  ['a change', {}, 'ordinary'],
  [
    'a binding',
    { objectRef: { resource: 'rolebindings', namespace: 'lab', apiGroup: 'rbac.authorization.k8s.io' } },
    'grave',
  ],
  ['a read of secrets', { verb: 'list', objectRef: { resource: 'secrets', namespace: 'lab' } }, 'grave'],
  [
    'a token',
    { verb: 'create', objectRef: { resource: 'serviceaccounts', subresource: 'token', namespace: 'lab' } },
    'grave',
  ],
  ['a command', { verb: 'create', objectRef: { resource: 'pods', subresource: 'exec', namespace: 'lab' } }, 'grave'],
  [
    'a possibly stolen token',
    { user: { username: gatewayUserName }, impersonatedUser: { username: personUserName('alice-1a2b3c') } },
    'proof',
  ],
])('%s has its own share', (_what, changed, of) => {
  const event = readClusterEvent(eventOf(changed))
  const kept = event && classifyEvent(event, new Set()).keep
  if (!event || !kept || typeof kept === 'string') throw new Error('it is not kept')
  expect(classOf(event, kept)).toBe(of)
})
