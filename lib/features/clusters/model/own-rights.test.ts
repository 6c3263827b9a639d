import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { testRule } from './chart-test.ts'
import {
  findFalseBindings,
  findFalseRoles,
  isMembersBinding,
  isShippedBinding,
  type ShippedRights,
} from './own-rights.ts'
import type { FoundBinding, FoundRole, FoundRule } from './rights-findings.ts'

const rule = (verbs: string[], resources: string[], more: Partial<FoundRule> = {}): FoundRule => ({
  ...{ apiGroups: [''], resources, verbs, resourceNames: [] },
  ...more,
})
const role = (name: string, rules: FoundRule[], more: Partial<FoundRole> = {}): FoundRole => ({
  ...{ kind: 'ClusterRole', name, rules, aggregated: false },
  ...more,
})
const account = (name: string, namespace = 'spaceport-system') => ({ kind: 'ServiceAccount', namespace, name })
const across = (name: string, to: string, ...subjects: FoundBinding['subjects']): FoundBinding => ({
  kind: 'ClusterRoleBinding',
  name,
  roleRef: { kind: 'ClusterRole', name: to },
  subjects,
})
const member = (more: Partial<FoundBinding> = {}): FoundBinding => ({
  kind: 'RoleBinding',
  name: 'spaceport:editor',
  namespace: 'lab',
  roleRef: { kind: 'ClusterRole', name: 'spaceport:editor' },
  subjects: [account('ann-1', 'spaceport-users')],
  ours: 'managed-by',
  ...more,
})
const shipped: ShippedRights = {
  roles: [
    role('spaceport:gateway', [rule(['list', 'watch'], ['namespaces'])]),
    role('spaceport:cluster-reader', [rule(['get'], ['storageclasses'], { apiGroups: ['storage.k8s.io'] })]),
    role('spaceport:people', [rule(['list', 'create'], ['serviceaccounts'])], {
      ...{ kind: 'Role', namespace: 'spaceport-users' },
    }),
    role('spaceport:bind', [rule(['bind'], ['clusterroles'], { resourceNames: ['a', 'b'] })]),
    role('spaceport:viewer', []),
  ],
  bindings: [
    across('spaceport:gateway', 'spaceport:gateway', account('spaceport-gateway')),
    across('spaceport:cluster-reader', 'spaceport:cluster-reader', { kind: 'Group', name: 'people' }),
  ],
}

test.each<[string, Partial<FoundBinding>, boolean]>([
  ['as Spaceport writes it', {}, true],
  ['without the label', { ours: undefined }, false],
  ['with the label of installed objects', { ours: 'part-of' }, false],
  ['of the whole cluster', { kind: 'ClusterRoleBinding', namespace: undefined }, false],
  ['by another name', { name: 'editor' }, false],
  ['of another role', { name: 'cluster-admin', roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }, false],
  ['of a Role of that name', { roleRef: { kind: 'Role', name: 'spaceport:editor' } }, false],
  ['with another subject too', { subjects: [account('ann-1', 'spaceport-users'), account('x', 'lab')] }, false],
  ['to a user', { subjects: [{ kind: 'User', name: 'ann-1' }] }, false],
])('a member’s binding %s: %s', (_what, changed, expected) => {
  expect(isMembersBinding(member(changed))).toBe(expected)
})

test('a binding of this version is recognised by its role and subjects, some of which may be missing', () => {
  const own = across('spaceport:gateway', 'spaceport:gateway', account('spaceport-gateway'))
  expect(isShippedBinding(own, shipped)).toBe(true)
  expect(isShippedBinding({ ...own, subjects: [] }, shipped)).toBe(true)
  expect(isShippedBinding({ ...own, subjects: [...own.subjects, account('x')] }, shipped)).toBe(false)
  expect(isShippedBinding({ ...own, subjects: [account('spaceport-gateway', 'default')] }, shipped)).toBe(false)
  expect(isShippedBinding({ ...own, name: 'another' }, shipped)).toBe(false)
  expect(isShippedBinding({ ...own, roleRef: { kind: 'ClusterRole', name: 'cluster-admin' } }, shipped)).toBe(false)
})

const testRole = role(
  'spaceport-test',
  [rule(['create', 'get', 'delete'], ['spaces'], { apiGroups: ['spaceport.dev'] })],
  {
    ...{ kind: 'Role', namespace: 'git', ours: 'part-of' },
  },
)
const testBinding: FoundBinding = {
  ...{ kind: 'RoleBinding', namespace: 'git', name: 'spaceport-test', ours: 'part-of' },
  ...{ roleRef: { kind: 'Role', name: 'spaceport-test' }, subjects: [account('spaceport-test')] },
}
const excused = { roles: [testRole], mapped: new Set(['git']) }

const sentences = (...bindings: FoundBinding[]) => [...findFalseBindings(bindings, [], shipped, excused).values()]

test('a binding labelled as Spaceport’s that isn’t, or that grants what only Spaceport has, is found', () => {
  const group = { kind: 'Group', name: 'system:authenticated' }
  expect(
    sentences(
      { ...across('made', 'cluster-admin', group), ours: 'managed-by' },
      { ...across('more', 'view'), ours: 'part-of' },
      member({ name: 'x', namespace: 'kube-system', roleRef: { kind: 'Role', name: 'y' } }),
      across('robot', 'spaceport:gateway', account('robot', 'default')),
    ),
  ).toEqual([
    'ClusterRoleBinding made grants Group system:authenticated the ClusterRole cluster-admin. It is labelled as Spaceport’s, but Spaceport didn’t make it.',
    'ClusterRoleBinding more grants nobody the ClusterRole view. It is labelled as Spaceport’s, but Spaceport didn’t make it.',
    'RoleBinding x in kube-system grants ServiceAccount spaceport-users/ann-1 the Role y. It is labelled as Spaceport’s, but Spaceport didn’t make it.',
    'ClusterRoleBinding robot grants ServiceAccount default/robot the ClusterRole spaceport:gateway, which only Spaceport’s own identities need.',
  ])
})

test.each(['viewer', 'editor', 'admin'])('a ClusterRoleBinding to a space’s role is found: %s', (of) => {
  const name = `spaceport:${of}`
  const user = { kind: 'User', name: 'mallory' }
  expect(sentences(across('made', name, user))).toEqual([
    `ClusterRoleBinding made grants User mallory the ClusterRole ${name}, which Spaceport binds only inside of spaces.`,
  ])
  // Inside a space, its admins may grant the space’s own ServiceAccounts such a role.
  expect(
    sentences({ ...across('made', name, account('default', 'lab')), kind: 'RoleBinding', namespace: 'lab' }),
  ).toEqual([])
})

test('bindings for others’ own roles, the operator’s readable classes and the chart’s test are not findings', () => {
  expect(
    sentences(
      across('theirs', 'cluster-admin', { kind: 'User', name: 'root' }),
      across('readers', 'spaceport:cluster-reader', { kind: 'Group', name: 'ci' }),
      { ...across('spaceport:cluster-reader', 'spaceport:cluster-reader', account('ci')), ours: 'part-of' },
      testBinding,
    ),
  ).toEqual([])
  expect(findFalseRoles([testRole], shipped, excused.mapped)).toEqual([])
})

const everything = rule(['*'], ['*'], { apiGroups: ['*'] })

test.each<[string, Partial<FoundBinding>, FoundRole[]]>([
  ['in another namespace', { namespace: 'kube-system' }, [testRole, { ...testRole, namespace: 'kube-system' }]],
  ['of a whole cluster', { kind: 'ClusterRoleBinding', namespace: undefined }, [testRole]],
  ['of a ClusterRole', { roleRef: { kind: 'ClusterRole', name: 'spaceport-test' } }, [testRole]],
  ['of another role', { roleRef: { kind: 'Role', name: 'other' } }, [testRole, { ...testRole, name: 'other' }]],
  ['to a Role that wasn’t read', {}, []],
  ['to a Role in another namespace', {}, [{ ...testRole, namespace: 'lab' }]],
  ['to a Role with more rights rights', {}, [{ ...testRole, rules: [...testRole.rules, everything] }]],
  [
    'to a Role with a path',
    {},
    [{ ...testRole, rules: [{ ...testRole.rules[0], nonResourceURLs: ['*'] } as FoundRule] }],
  ],
  ['to the same name elsewhere', { subjects: [account('spaceport-test', 'lab')] }, [testRole]],
  ['to another subject', { subjects: [account('spaceport-test'), account('default')] }, [testRole]],
])('a binding that imitates the chart’s test is found: %s', (_what, changed, roles) => {
  expect([...findFalseBindings([{ ...testBinding, ...changed }], [], shipped, { ...excused, roles }).values()]).toEqual(
    [expect.stringContaining('Spaceport didn’t make it.')],
  )
})

test('a Role that imitates the chart’s test is found in any other namespace, and with more rights', () => {
  const found = (more: Partial<FoundRole>) => findFalseRoles([{ ...testRole, ...more }], shipped, excused.mapped)
  expect(found({ namespace: 'kube-system' })).toEqual([
    'Role spaceport-test in kube-system looks like Spaceport’s, but this version ships no such role.',
  ])
  expect(found({ rules: [everything] })).toHaveLength(1)
})

test('the chart’s test has the rights recorded here', async () => {
  const path = join(import.meta.dirname, '..', '..', '..', '..', 'deploy', 'chart', 'templates', 'test.yaml')
  const [, ...rules] = (await readFile(path, 'utf8')).split('\nrules:\n')
  expect(rules.map((text) => parse(text.split('\n---\n')[0] ?? ''))).toEqual([[testRule]])
})

test('twenty of the members’ bindings in wrong places are named', () => {
  const strays = Array.from({ length: 30 }, (_, n) => member({ namespace: `n${n}` }))
  const found = [...findFalseBindings([], strays, shipped, excused).values()]
  expect(found).toHaveLength(21)
  expect(found.at(-1)).toBe('10 more namespaces have bindings labelled as Spaceport’s that Spaceport didn’t make.')
})

test.each<[string, FoundRole, string[]]>([
  ['as shipped', role('spaceport:gateway', [rule(['list', 'watch'], ['namespaces'])]), []],
  ['with less', role('spaceport:gateway', [rule(['list'], ['namespaces'])]), []],
  [
    'with more',
    role('spaceport:gateway', [rule(['list', 'watch'], ['namespaces']), rule(['get'], ['secrets'])]),
    ['ClusterRole spaceport:gateway grants more than this version ships: get secrets.'],
  ],
  [
    'with everything',
    role('spaceport:gateway', [rule(['*'], ['*'], { apiGroups: ['*'] })]),
    ['ClusterRole spaceport:gateway grants more than this version ships: * *.*.'],
  ],
  [
    'with paths',
    role('spaceport:gateway', [rule(['get'], [], { apiGroups: [], nonResourceURLs: ['/debug/*'] })]),
    ['ClusterRole spaceport:gateway grants more than this version ships: get /debug/*.'],
  ],
  [
    'with too many rights to compare',
    role('spaceport:gateway', [
      rule(
        Array.from({ length: 200 }, (_, n) => `v${n}`),
        Array.from({ length: 200 }, (_, n) => `r${n}`),
      ),
    ]),
    ['ClusterRole spaceport:gateway grants more than this version ships: 40000 rights.'],
  ],
  ['narrower by name', role('spaceport:gateway', [rule(['list'], ['namespaces'], { resourceNames: ['a'] })]), []],
  ['with one name less', role('spaceport:bind', [rule(['bind'], ['clusterroles'], { resourceNames: ['a'] })]), []],
  [
    'without its names',
    role('spaceport:bind', [rule(['bind'], ['clusterroles'])]),
    ['ClusterRole spaceport:bind grants more than this version ships: bind clusterroles.'],
  ],
  [
    'aggregated',
    role('spaceport:gateway', [], { aggregated: true }),
    ['ClusterRole spaceport:gateway aggregates rules from other ClusterRoles, which Spaceport’s roles don’t.'],
  ],
  [
    'a Role with more rights rights',
    role('spaceport:people', [rule(['impersonate'], ['groups'])], { kind: 'Role', namespace: 'spaceport-users' }),
    ['Role spaceport:people in spaceport-users grants more than this version ships: impersonate groups.'],
  ],
  [
    'the operator’s readable classes',
    role('spaceport:cluster-reader', [
      rule(['get', 'list'], ['gatewayclasses'], { apiGroups: ['gateway.networking.k8s.io'] }),
    ]),
    [],
  ],
  [
    'readable classes that include secrets',
    role('spaceport:cluster-reader', [rule(['get'], ['secrets'])]),
    ['ClusterRole spaceport:cluster-reader grants more than this version ships: get secrets.'],
  ],
  [
    'a name that is not shipped',
    role('spaceport:root', []),
    ['ClusterRole spaceport:root looks like Spaceport’s, but this version ships no such role.'],
  ],
  [
    'a label that is not Spaceport’s',
    role('made', [], { kind: 'Role', namespace: 'kube-system', ours: 'managed-by' }),
    ['Role made in kube-system looks like Spaceport’s, but this version ships no such role.'],
  ],
  ['another tool’s', role('made', [rule(['*'], ['*'])]), []],
])('a role %s', (_what, found, expected) => {
  expect(findFalseRoles([found], shipped, excused.mapped)).toEqual(expected)
})
