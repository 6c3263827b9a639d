import { expect, test } from 'vitest'
import type { ClusterGrant } from '#lib/kernel/model/spaces/grant-on-cluster.ts'
import { compareRecovered, type KeptSpace } from './compare-recovered.ts'
import type { RecoveredSpace } from './recovered.ts'

const kept: KeptSpace = {
  ...{ id: 'one', name: 'team', namespace: 'dev-team', owner: 'olga', endsAt: null, grants: [] },
  members: [
    { handle: 'olga', role: 'admin' },
    { handle: 'amy', role: 'editor' },
  ],
}
const found: RecoveredSpace = {
  ...{ id: 'one', name: 'team', namespace: 'dev-team', namespaceUid: 'uid', creation: 'random', description: '' },
  ...{ size: 'S', owner: 'olga', endsAt: null, requestId: null, createdAt: new Date(0), grants: null },
  bound: [
    { handle: 'olga', role: 'admin' },
    { handle: 'amy', role: 'editor' },
  ],
}
const compare = (spaces: readonly RecoveredSpace[], unclear: string[] = []) =>
  compareRecovered([kept], new Set(['going']), { people: [], spaces: [...spaces], unclear })

test('nothing is said where the cluster and the database say the same', () => {
  expect(compare([found])).toEqual([])
})

test('a role that was lowered since, and a space that was passed on, are told', () => {
  const changed: RecoveredSpace = {
    ...{ ...found, owner: 'amy' },
    bound: [
      { handle: 'amy', role: 'admin' },
      { handle: 'olga', role: 'viewer' },
    ],
  }
  expect(compare([changed])).toEqual([
    'Space team (dev-team) is olga’s in the database, and amy’s on the cluster.',
    'Space team (dev-team): olga is admin in the database, and viewer on the cluster: changed since.',
    'Space team (dev-team): amy is editor in the database, and admin on the cluster: changed since.',
  ])
})

test('whoever is bound nowhere is told, but not because their only space is gone', () => {
  expect(compare([{ ...found, bound: found.bound.slice(0, 1) }])).toEqual([
    'Space team (dev-team): amy is editor in the database, and nothing on the cluster: taken since.',
    'amy has a role in the database and none on the cluster: deactivated or offboarded since, or removed everywhere.',
  ])
  expect(compare([])).toEqual([
    'Space team (dev-team) of olga isn’t on the cluster: it was deleted since. Workers make it again, empty, with olga (admin), amy (editor).',
  ])
})

test('a namespace that has another space’s name now is told as what it is, and what can’t be read is told', () => {
  expect(compare([{ ...found, id: 'two', owner: 'zed', bound: [] }], ['Namespace x: it is being deleted.'])).toEqual([
    'Space team (dev-team) of olga isn’t on the cluster: it was deleted since. Its namespace is another space’s now, of zed, which workers leave alone.',
    'Namespace dev-team of zed belongs to no space: it was made since. Bound there: nobody.',
    'Namespace x: it is being deleted.',
  ])
})

test('a space that is being deleted was not made since', () => {
  expect(compare([found, { ...found, id: 'going', namespace: 'dev-going' }])).toEqual([])
})

test('what a group may, what starts later, and ends are compared by the grants that the cluster names', () => {
  const day = (date: number) => new Date(Date.UTC(2026, 11, date))
  const grant = (id: string, changed: Partial<ClusterGrant> = {}): ClusterGrant => ({
    ...{ id, to: { group: 'ops', issuer: 'https://login.example.com' }, role: 'viewer', startsAt: day(1) },
    ...{ endsAt: null, requestId: null, withheldFrom: [], ...changed },
  })
  const later = { to: { handle: 'zoe' }, startsAt: day(9) }
  const told = (grants: ClusterGrant[], there: ClusterGrant[] | null, endsAt: Date | null = null) =>
    compareRecovered([{ ...kept, grants }], new Set(), {
      ...{ people: [], unclear: [] },
      spaces: [{ ...found, grants: there, endsAt }],
    }).map((sentence) => sentence.replace('Space team (dev-team): ', ''))
  expect(told([grant('a'), grant('b', later)], [grant('a'), grant('b', later)])).toEqual([])
  expect(told([grant('a'), grant('b', later)], [])).toEqual([
    'the role viewer of group ops isn’t on the cluster: taken since (grant a).',
    'the role viewer of zoe isn’t on the cluster: taken since (grant b).',
  ])
  expect(
    told(
      [grant('a', { endsAt: day(30) }), grant('b', later)],
      [
        grant('a', { endsAt: day(2), withheldFrom: ['eve'] }),
        grant('b', { ...later, role: 'admin', startsAt: day(8) }),
      ],
    ),
  ).toEqual([
    'the role viewer of group ops ends 2026-12-30T00:00:00.000Z, and 2026-12-02T00:00:00.000Z on the cluster: changed since (grant a).',
    'the role viewer of group ops is withheld from eve on the cluster: taken since (grant a).',
    'the role viewer of zoe is admin on the cluster: changed since (grant b).',
    'the role viewer of zoe starts 2026-12-09T00:00:00.000Z, and 2026-12-08T00:00:00.000Z on the cluster: changed since (grant b).',
  ])
  // Whose own role was told by who is bound isn’t told twice.
  const amys = compareRecovered(
    [{ ...kept, grants: [grant('c', { to: { handle: 'amy' }, role: 'editor' })] }],
    new Set(),
    {
      ...{ people: [], unclear: [] },
      spaces: [{ ...found, grants: [], bound: found.bound.slice(0, 1) }],
    },
  )
  expect(amys.filter((sentence) => sentence.includes('taken since'))).toHaveLength(1)
  expect(told([grant('a')], null)).toEqual([
    'the cluster doesn’t say which roles groups have and which start later. Look through all of them.',
  ])
  expect(told([], [], day(5))).toEqual([
    'Space team (dev-team) ends never in the database, and 2026-12-05T00:00:00.000Z on the cluster: changed since.',
  ])
})
