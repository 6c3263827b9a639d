import { expect, test } from 'vitest'
import { narrowBindings } from './narrow-bindings.ts'

const person = (name: string) => ({ kind: 'ServiceAccount', name, namespace: 'spaceport-users' })
const binding = (role: string, people: string[], subjects: unknown[] = people.map(person)) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: `spaceport:${role}` },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `spaceport:${role}` },
  subjects,
})

test('subjects that should no longer be bound are removed, and none are added', () => {
  const found = [binding('editor', ['a', 'b'])]
  expect(narrowBindings(found, [binding('editor', ['b', 'c'])])).toEqual({
    write: [binding('editor', ['b'])],
    remove: [],
  })
})

test('a binding that is already narrow enough is unchanged', () => {
  const found = [binding('admin', ['a'])]
  expect(narrowBindings(found, [binding('admin', ['a', 'b']), binding('viewer', ['c'])])).toEqual({
    write: [],
    remove: [],
  })
})

test('a binding that isn’t desired, or has no subject left, is deleted', () => {
  const found = [binding('admin', ['a']), binding('editor', ['b'])]
  expect(narrowBindings(found, [binding('editor', ['c'])])).toEqual({
    write: [],
    remove: ['spaceport:admin', 'spaceport:editor'],
  })
})

test('a User with a person’s name isn’t that person, and a binding to another role isn’t the same binding', () => {
  const user = { apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'a' }
  expect(narrowBindings([binding('admin', [], [user, person('a')])], [binding('admin', ['a'])])).toEqual({
    write: [binding('admin', ['a'])],
    remove: [],
  })
  const other = { ...binding('admin', ['a']), roleRef: binding('viewer', []).roleRef }
  expect(narrowBindings([other], [binding('admin', ['a'])])).toEqual({ write: [], remove: ['spaceport:admin'] })
})
