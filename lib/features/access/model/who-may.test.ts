import { expect, test } from 'vitest'
import { defaultReach } from '#lib/kernel/model/access/reach-fixture.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import { bindingsOfSpace, type SpaceRights } from './cluster-binding.ts'
import { reviewSubjectOf } from './review-subject.ts'
import { candidatesOf, isShippedRight } from './who-may.ts'

const alice = { userId: '1', handle: 'alice-000001', email: 'alice@example.com', name: 'Alice' }
const { access } = renderSpace(
  {
    id: 'id',
    name: 'web',
    namespace: 'web',
    creation: 'x',
    description: '',
    size: 'S',
    endsAt: null,
    requestId: null,
    grants: [],
    owner: alice,
    members: [{ member: alice, role: 'admin' }],
  },
  defaultReach,
)
const [made] = access
if (!made) throw new Error('a space has a binding for its owner')

const account = (name: string, namespace = 'spaceport-users') => ({ kind: 'ServiceAccount', name, namespace })
const inNamespace = (name: string, object: unknown, subjects = [account('alice-000001')]) => ({
  kind: 'RoleBinding' as const,
  name,
  namespace: 'web',
  roleRef: { kind: 'ClusterRole', name },
  subjects,
  object,
})
const across = (name: string, role: string, subjects: { kind: string; name: string }[], shipped = false) => ({
  kind: 'ClusterRoleBinding' as const,
  name,
  roleRef: { kind: 'ClusterRole', name: role },
  subjects,
  shipped,
})
const rights = (more: Partial<SpaceRights>): SpaceRights => ({
  inNamespace: [],
  across: [],
  clusterRoles: [
    {
      name: 'storage-reader',
      aggregated: false,
      rules: [{ apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'], resourceNames: [] }],
    },
  ],
  more: false,
  ...more,
})
const statesOf = (found: Partial<SpaceRights>) =>
  bindingsOfSpace(rights(found), access).map(({ name, state }) => [name, state])

test('a binding counts as Spaceport’s by its content, not by its label', () => {
  expect(statesOf({ inNamespace: [inNamespace('spaceport:admin', made)] })).toEqual([['spaceport:admin', 'made']])
  const labelled = { ...made, metadata: { ...made.metadata, name: 'mine' } }
  expect(statesOf({ inNamespace: [inNamespace('mine', labelled), inNamespace('spaceport:admin', made)] })).toEqual([
    ['mine', 'foreign'],
    ['spaceport:admin', 'made'],
  ])
  const widened = { ...made, subjects: [account('alice-000001'), account('eve-000002')] }
  expect(statesOf({ inNamespace: [inNamespace('spaceport:admin', widened)] })).toEqual([['spaceport:admin', 'changed']])
  expect(statesOf({})).toEqual([['spaceport:admin', 'missing']])
})

test('only ClusterRoleBindings that give people permissions in spaces are shown', () => {
  const everybody = [{ kind: 'Group', name: 'system:serviceaccounts' }]
  const found = [
    across('reads-outside', 'storage-reader', everybody),
    across('opens-all', 'view', everybody),
    across('of-operators', 'cluster-admin', [{ kind: 'User', name: 'root' }]),
  ]
  expect(statesOf({ inNamespace: [inNamespace('spaceport:admin', made)], across: found })).toEqual([
    ['opens-all', 'foreign'],
    ['spaceport:admin', 'made'],
  ])
})

test('each candidate is checked once: people first, then binding subjects, without those that Kubernetes ships', () => {
  const bindings = bindingsOfSpace(
    rights({
      inNamespace: [
        inNamespace('foreign', {}, [account('alice-000001'), account('robot', 'web'), account('eve-000002')]),
      ],
    }),
    access,
  )
  const found = candidatesOf([alice, alice], bindings, [
    across('ops', 'edit', [
      { kind: 'Group', name: 'ops' },
      { kind: 'User', name: 'system:serviceaccount:spaceport-users:eve-000002' },
    ]),
    across('shipped', 'system:node', [{ kind: 'User', name: 'system:kube-scheduler' }], true),
  ])
  expect(found.map(({ subject, person }) => [subject.kind, subject.name, person?.name ?? null])).toEqual([
    ['ServiceAccount', 'alice-000001', 'Alice'],
    ['ServiceAccount', 'robot', null],
    ['ServiceAccount', 'eve-000002', 'eve-000002'],
    ['Group', 'ops', null],
  ])
})

test('candidates are checked under their API server identities', () => {
  const accounts = ['system:serviceaccounts', 'system:serviceaccounts:web', 'system:authenticated']
  expect(reviewSubjectOf(account('robot', 'web'))).toEqual({
    user: 'system:serviceaccount:web:robot',
    groups: accounts,
  })
  expect(reviewSubjectOf({ kind: 'User', name: 'system:serviceaccount:web:robot' })).toMatchObject({ groups: accounts })
  expect(reviewSubjectOf({ kind: 'User', name: 'root' })).toEqual({ user: 'root', groups: ['system:authenticated'] })
  expect(reviewSubjectOf({ kind: 'Group', name: 'ops' })).toEqual({ user: '', groups: ['ops', 'system:authenticated'] })
  expect(reviewSubjectOf({ kind: 'Group', name: 'system:unauthenticated' })).toEqual({
    user: '',
    groups: ['system:unauthenticated'],
  })
})

const shippedReason =
  'RBAC: allowed by ClusterRoleBinding "spaceport:health" of ClusterRole "spaceport:health" to ServiceAccount "spaceport-health/spaceport-system"'
const health = { kind: 'ServiceAccount', name: 'spaceport-health', namespace: 'spaceport-system' }

test.each([
  ['its own binding', health, shippedReason, true],
  ['another binding', health, shippedReason.replace('Binding "spaceport:health"', 'Binding "more"'), false],
  ['another role', health, shippedReason.replace('Role "spaceport:health"', 'Role "cluster-admin"'), false],
  ['the binding of another process', { ...health, name: 'spaceport-broker' }, shippedReason, false],
  ['the same name elsewhere', { ...health, namespace: 'default' }, shippedReason, false],
  ['a user of that name', { kind: 'User', name: 'spaceport-health', namespace: undefined }, shippedReason, false],
  ['a name that only starts so', health, shippedReason.replace('health" to', 'health-more" to'), false],
] as const)('what a process of Spaceport may, by %s', (_, subject, reason, isShipped) => {
  expect(isShippedRight(subject, reason)).toBe(isShipped)
})
