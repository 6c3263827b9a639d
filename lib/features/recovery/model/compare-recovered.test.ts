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

test('nothing is reported where the cluster and the database agree', () => {
  expect(compare([found])).toEqual([])
})

test('a role that was lowered and a space that was handed over since are reported', () => {
  const changed: RecoveredSpace = {
    ...{ ...found, owner: 'amy' },
    bound: [
      { handle: 'amy', role: 'admin' },
      { handle: 'olga', role: 'viewer' },
    ],
  }
  expect(compare([changed])).toEqual([
    'Space team (dev-team) belongs to olga in the database, but to amy on the cluster.',
    'Space team (dev-team): olga is admin in the database, but viewer on the cluster: changed since the backup.',
    'Space team (dev-team): amy is editor in the database, but admin on the cluster: changed since the backup.',
  ])
})

test('a person without any binding is reported, unless it is because their only space is gone', () => {
  expect(compare([{ ...found, bound: found.bound.slice(0, 1) }])).toEqual([
    'Space team (dev-team): amy is editor in the database, but has no role on the cluster: removed since the backup.',
    'amy has a role in the database, but none on the cluster: deactivated, offboarded or removed everywhere since the backup.',
  ])
  expect(compare([])).toEqual([
    'Space team (dev-team) of olga isn’t on the cluster: it was deleted since the backup. Workers recreate it, empty, with olga (admin), amy (editor).',
  ])
})

test('a namespace that now has another space’s name is reported as such, and unreadable ones are reported', () => {
  expect(compare([{ ...found, id: 'two', owner: 'zed', bound: [] }], ['Namespace x: it is being deleted.'])).toEqual([
    'Space team (dev-team) of olga isn’t on the cluster: it was deleted since the backup. Its namespace now belongs to another space, of zed, which workers don’t change.',
    'Namespace dev-team of zed belongs to no space: it was created since the backup. Bound there: no one.',
    'Namespace x: it is being deleted.',
  ])
})

test('a space that is being deleted isn’t reported as created since', () => {
  expect(compare([found, { ...found, id: 'going', namespace: 'dev-going' }])).toEqual([])
})

test('roles of groups, scheduled roles and ends are compared by the grants stored on the cluster', () => {
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
    'the role viewer of group ops isn’t on the cluster: removed since the backup (grant a).',
    'the role viewer of zoe isn’t on the cluster: removed since the backup (grant b).',
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
    'the role viewer of group ops ends 2026-12-30T00:00:00.000Z, but 2026-12-02T00:00:00.000Z on the cluster: changed since the backup (grant a).',
    'the role viewer of group ops is withheld from eve on the cluster: removed since the backup (grant a).',
    'the role viewer of zoe is admin on the cluster: changed since the backup (grant b).',
    'the role viewer of zoe starts 2026-12-09T00:00:00.000Z, but 2026-12-08T00:00:00.000Z on the cluster: changed since the backup (grant b).',
  ])
  // A role reported by its binding isn't reported twice.
  const amys = compareRecovered(
    [{ ...kept, grants: [grant('c', { to: { handle: 'amy' }, role: 'editor' })] }],
    new Set(),
    {
      ...{ people: [], unclear: [] },
      spaces: [{ ...found, grants: [], bound: found.bound.slice(0, 1) }],
    },
  )
  expect(amys.filter((sentence) => sentence.includes('removed since'))).toHaveLength(1)
  expect(told([grant('a')], null)).toEqual([
    'the cluster doesn’t record the roles of groups or scheduled roles. Check all of them.',
  ])
  expect(told([], [], day(5))).toEqual([
    'Space team (dev-team) ends never in the database, but 2026-12-05T00:00:00.000Z on the cluster: changed since the backup.',
  ])
})
