import { expect, test } from 'vitest'
import { compareRecovered, type KeptSpace } from './compare-recovered.ts'
import type { RecoveredSpace } from './recovered.ts'

const kept: KeptSpace = {
  ...{ id: 'one', name: 'team', namespace: 'dev-team', owner: 'olga' },
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
  compareRecovered([kept], { people: [], spaces: [...spaces], unclear })

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
