import { expect, test } from 'vitest'
import { roles } from '#lib/kernel/model/access/role.ts'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'
import {
  exemptIdentities,
  type FoundBinding,
  type FoundRole,
  maxOverriding,
  rightsFindings,
} from './rights-findings.ts'

const asShipped: FoundRole[] = roles.map((role) => ({
  name: `spaceport:${role}`,
  rules: roleRules[role].map((rule) => ({ ...rule, resourceNames: [] })),
  aggregated: false,
}))
const everything = { apiGroups: ['*'], resources: ['*'], verbs: ['*'], resourceNames: [] }
const clusterAdmin: FoundRole = { name: 'cluster-admin', rules: [everything], aggregated: false }
const person = { kind: 'ServiceAccount', namespace: 'spaceport-users', name: 'ann-1' }
const across = (role: string, ...subjects: FoundBinding['subjects']): FoundBinding => ({
  kind: 'ClusterRoleBinding',
  name: 'made',
  roleRef: { kind: 'ClusterRole', name: role },
  subjects,
})
const within = (...subjects: FoundBinding['subjects']): FoundBinding => ({
  kind: 'RoleBinding',
  name: 'made',
  namespace: 'kube-system',
  roleRef: { kind: 'Role', name: 'reader' },
  subjects,
})

const everybody = (name: string) => ({ kind: 'Group', name })
const aboutOneself = (apiGroup: string, ...resources: string[]) => ({
  apiGroups: [apiGroup],
  resources,
  verbs: ['create'],
  resourceNames: [],
})
/** Kubernetes' own roles that everyone has; rules for URLs name no resource. */
const urls = { apiGroups: [], resources: [], verbs: ['get'], resourceNames: [] }
const ofKubernetes: FoundRole[] = [
  ...['system:discovery', 'system:public-info-viewer', 'system:service-account-issuer-discovery'].map((name) => ({
    name,
    rules: [urls],
    aggregated: false,
  })),
  {
    name: 'system:basic-user',
    rules: [
      aboutOneself('authorization.k8s.io', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'),
      aboutOneself('authentication.k8s.io', 'selfsubjectreviews'),
    ],
    aggregated: false,
  },
]

test('a freshly installed cluster has no findings', () => {
  const masters = across('cluster-admin', { kind: 'Group', name: 'system:masters' })
  const all = [
    across('system:discovery', everybody('system:authenticated')),
    across('system:basic-user', everybody('system:authenticated')),
    across('system:public-info-viewer', everybody('system:authenticated'), everybody('system:unauthenticated')),
    across('system:service-account-issuer-discovery', everybody('system:serviceaccounts')),
  ]
  const robot = within({ kind: 'ServiceAccount', namespace: 'kube-system', name: 'robot' })
  expect(rightsFindings([masters, ...all, robot], [...asShipped, ...ofKubernetes, clusterAdmin])).toEqual([])
})

test.each([
  ['as a ServiceAccount', person, 'ann-1'],
  [
    'as a user',
    { kind: 'User', name: 'system:serviceaccount:spaceport-users:ann-1' },
    'system:serviceaccount:spaceport-users:ann-1',
  ],
  [
    'as all people',
    { kind: 'Group', name: 'system:serviceaccounts:spaceport-users' },
    'system:serviceaccounts:spaceport-users',
  ],
])('a person bound by someone else %s is found', (_how, subject, named) => {
  expect(rightsFindings([within(subject), across('view', subject)], asShipped)).toEqual([
    `ClusterRoleBinding made grants ${named} the ClusterRole view.`,
    `RoleBinding made in kube-system grants ${named} the Role reader.`,
  ])
})

test.each([
  ['the identity of the proofs', 'ServiceAccount', 'spaceport-fence-proof', 'spaceport-users'],
  ['the identity of the proofs, as a user', 'User', 'system:serviceaccount:spaceport-users:spaceport-fence-proof'],
  ['the broker', 'ServiceAccount', 'spaceport-broker', 'spaceport-system'],
  ['the reader of health', 'ServiceAccount', 'spaceport-health', 'spaceport-system'],
  ['the gateway', 'ServiceAccount', 'spaceport-gateway', 'spaceport-system'],
  ['the gateway, as a user', 'User', 'system:serviceaccount:spaceport-system:spaceport-gateway'],
  ['all of Spaceport’s identities', 'Group', 'system:serviceaccounts:spaceport-system'],
])(
  'a right that someone else gave %s is found, because a stolen token has it too',
  (_who, kind, name, namespace?: string) => {
    const subject = { kind, name, namespace }
    expect(rightsFindings([across('cluster-admin', subject), within(subject)], [...asShipped, clusterAdmin])).toEqual([
      `ClusterRoleBinding made grants ${name} the ClusterRole cluster-admin.`,
      `ClusterRoleBinding made lets ${kind} ${name} bypass Spaceport’s admission policies.`,
      `RoleBinding made in kube-system grants ${name} the Role reader.`,
    ])
    const opened = {
      name: 'opened',
      rules: [{ ...everything, apiGroups: ['storage.k8s.io'], resources: ['storageclasses'], verbs: ['get'] }],
      aggregated: false,
    }
    expect(rightsFindings([across('opened', subject)], [...asShipped, opened])).toEqual([])
  },
)

test('other ServiceAccounts of spaceport-system, and the same names elsewhere, are the operator’s', () => {
  const others = [
    { kind: 'ServiceAccount', namespace: 'spaceport-system', name: 'spaceport-test' },
    { kind: 'ServiceAccount', namespace: 'lab', name: 'spaceport-broker' },
    { kind: 'ServiceAccount', namespace: 'lab', name: 'spaceport-fence-proof' },
  ]
  expect(rightsFindings([across('edit', ...others)], asShipped)).toEqual([])
})

test.each([
  'system:authenticated',
  'system:unauthenticated',
  'system:serviceaccounts',
  'system:serviceaccounts:spaceport-users',
])('a right of the group %s counts as a right of people', (group) => {
  expect(rightsFindings([across('edit', everybody(group))], [...asShipped, ...ofKubernetes])).toEqual([
    `ClusterRoleBinding made grants ${group} the ClusterRole edit.`,
  ])
})

test('groups without people don’t count', () => {
  const others = ['system:nodes', 'system:serviceaccounts:kube-system', 'operators'].map(everybody)
  expect(rightsFindings([across('edit', ...others)], asShipped)).toEqual([])
})

test('one of Kubernetes’ own roles for everyone counts once it grants more', () => {
  const wider = (rule: Partial<FoundRole['rules'][number]>) =>
    rightsFindings(
      [across('system:basic-user', everybody('system:authenticated'))],
      [
        ...asShipped,
        {
          name: 'system:basic-user',
          rules: [{ ...aboutOneself('authorization.k8s.io', 'selfsubjectaccessreviews'), ...rule }],
          aggregated: false,
        },
      ],
    )
  expect(wider({})).toEqual([])
  for (const more of [
    { resources: ['subjectaccessreviews'] },
    { resources: ['*'] },
    { verbs: ['*'] },
    { apiGroups: ['*'] },
    { apiGroups: [''], resources: ['selfmade'] },
  ])
    expect(wider(more)).toHaveLength(1)
})

test('only read access outside of spaces may be granted to people', () => {
  const people = { kind: 'Group', name: 'system:serviceaccounts:spaceport-users' }
  const rule = {
    apiGroups: ['storage.k8s.io'],
    resources: ['storageclasses'],
    verbs: ['get', 'list'],
    resourceNames: [],
  }
  const found = (...rules: FoundRole['rules']) =>
    rightsFindings([across('opened', people)], [...asShipped, { name: 'opened', rules, aggregated: false }])
  expect(found(rule)).toEqual([])
  expect(found({ ...rule, apiGroups: [''], resources: ['nodes', 'nodes/status'] })).toEqual([])
  for (const more of [
    { apiGroups: [''], resources: ['secrets'] },
    { apiGroups: [''], resources: ['namespaces'] },
    { resources: ['*'] },
    { apiGroups: ['*'] },
    { verbs: ['*'] },
    { verbs: ['get', 'delete'] },
    { apiGroups: [''], resources: ['nodes/proxy'], verbs: ['get'] },
    { apiGroups: [''], resources: ['pods/proxy'], verbs: ['get'] },
    { apiGroups: [''], resources: ['services/proxy'], verbs: ['get'] },
    { apiGroups: [''], resources: ['nodes/log'], verbs: ['get'] },
  ])
    expect(found(rule, { ...rule, ...more })).toHaveLength(1)
})

test('a subject with a person’s name elsewhere is not that person', () => {
  const others = [
    { ...person, namespace: 'default' },
    { kind: 'User', name: 'ann-1' },
  ]
  expect(rightsFindings([within(...others)], asShipped)).toEqual([])
})

test('any change to a space role is found', () => {
  const [viewer, ...rest] = asShipped
  if (!viewer) throw new Error('the viewer role is missing')
  const changed = 'ClusterRole spaceport:viewer has different rules from the ones this version ships.'
  const secrets = { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: [] }
  const found = (role: FoundRole) => rightsFindings([], [role, ...rest])
  expect(found({ ...viewer, rules: [...viewer.rules, secrets] })).toEqual([changed])
  expect(found({ ...viewer, rules: viewer.rules.slice(1) })).toEqual([changed])
  expect(found({ ...viewer, aggregated: true })).toEqual([changed])
  expect(found({ ...viewer, rules: viewer.rules.map((rule) => ({ ...rule, resourceNames: ['one'] })) })).toEqual([
    changed,
  ])
  expect(rightsFindings([], rest)).toEqual(['ClusterRole spaceport:viewer is missing.'])
})

test('a wide group, a person who bypasses the fences, and too many holders are found', () => {
  const override = { apiGroups: ['spaceport.dev'], resources: ['fences'], verbs: ['override'], resourceNames: [] }
  const passing: FoundRole = { name: 'passing', rules: [override], aggregated: false }
  const known = [...asShipped, passing, clusterAdmin]
  expect(rightsFindings([across('passing', { kind: 'Group', name: 'system:authenticated' })], known)).toEqual([
    'ClusterRoleBinding made grants system:authenticated the ClusterRole passing.',
    'ClusterRoleBinding made lets Group system:authenticated bypass Spaceport’s admission policies.',
  ])
  expect(rightsFindings([across('passing', person)], known)).toContain(
    'ClusterRoleBinding made lets ServiceAccount ann-1 bypass Spaceport’s admission policies.',
  )
  const users = Array.from({ length: maxOverriding + 1 }, (_, n) => ({ kind: 'User', name: `user-${n}` }))
  expect(rightsFindings([across('cluster-admin', ...users.slice(1))], known)).toEqual([])
  expect(rightsFindings([across('cluster-admin', ...users)], known)).toEqual([
    '11 may bypass Spaceport’s admission policies. More than 10 is unusual: check them.',
  ])
})

test('exempt subjects are named once each, without deceptive characters', () => {
  const jane = { kind: 'User', name: 'jane\u202e\n\u0000admin' }
  const sync = { kind: 'ServiceAccount', namespace: 'argocd', name: 'sync' }
  const long = { kind: 'User', name: 'x'.repeat(100_000) }
  const found = exemptIdentities(
    [across('cluster-admin', jane, sync), across('cluster-admin', sync, long)],
    [clusterAdmin],
  )
  expect(found).toEqual(['ServiceAccount argocd/sync', 'User jane admin', expect.stringMatching(/^User x+…$/)])
  expect(Math.max(...found.map(({ length }) => length))).toBe(300)
  expect(exemptIdentities([across('view', jane)], ofKubernetes)).toEqual([])
})
