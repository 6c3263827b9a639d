import { expect, test } from 'vitest'
import { roles } from '#lib/kernel/model/access/role.ts'
import { roleRules } from '#lib/kernel/model/access/role-rules.ts'
import { differencesFrom, reviewedRights, reviewRisks } from './reviewed-rights.ts'

const rule = (group: string, resource: string, verbs: string[], resourceNames: string[] = []) => ({
  apiGroups: [group],
  resources: [resource],
  verbs,
  resourceNames,
})
const asReviewed = (role: keyof typeof roleRules) => roleRules[role].map((one) => ({ ...one, resourceNames: [] }))
/** A permission that Kubernetes gives every user. */
const everybodys = rule('authorization.k8s.io', 'selfsubjectaccessreviews', ['create'])

test.each(roles)('the rules of a %s match the role', (role) => {
  expect(differencesFrom(role, [...asReviewed(role), everybodys])).toEqual({ beyond: [], missing: [] })
})

test('permissions beyond a role and missing ones are listed', () => {
  const [first, ...others] = asReviewed('viewer')
  expect(first).toMatchObject({ resources: ['namespaces'] })
  const { beyond, missing } = differencesFrom('viewer', [
    ...others,
    rule('', 'secrets', ['get', 'list']),
    rule('apps', 'deployments', ['delete'], ['web']),
  ])
  expect(beyond).toEqual(['delete deployments.apps', 'get secrets', 'list secrets'])
  expect(missing).toEqual(['get namespaces'])
})

test('a permission on named objects does not count as one on all', () => {
  const named = asReviewed('viewer').map((one) => ({ ...one, resourceNames: ['one'] }))
  expect(differencesFrom('viewer', named)).toMatchObject({ beyond: [], missing: expect.arrayContaining(['list pods']) })
})

test('without a role, everything except the default permissions exceeds it', () => {
  expect(differencesFrom(null, [everybodys, rule('', 'pods', ['get'])])).toEqual({ beyond: ['get pods'], missing: [] })
})

test('a wildcard covers every permission of a role and has every risk', () => {
  const all = [rule('*', '*', ['*'])]
  expect(differencesFrom('admin', all)).toEqual({ beyond: ['* *.*'], missing: [] })
  expect(reviewRisks(reviewedRights(all))).toEqual(['secrets', 'shell', 'write', 'grants', 'escalate'])
})

test('permissions are grouped by resource, sensitive ones first', () => {
  const rights = reviewedRights([
    rule('', 'pods', ['get']),
    rule('', 'pods', ['get', 'delete']),
    rule('', 'configmaps', ['get'], ['one']),
    rule('', 'secrets', ['get']),
    everybodys,
  ])
  expect(rights).toEqual([
    { resource: 'secrets', verbs: ['get'], sensitive: true, names: [] },
    { resource: 'configmaps', verbs: ['get'], sensitive: false, names: ['one'] },
    { resource: 'pods', verbs: ['get', 'delete'], sensitive: false, names: [] },
  ])
  expect(reviewRisks(rights)).toEqual(['secrets', 'write'])
})

test.each([
  rule('', 'serviceaccounts/token', ['create']),
  rule('', 'users', ['impersonate']),
  rule('rbac.authorization.k8s.io', 'roles', ['escalate']),
  rule('rbac.authorization.k8s.io', 'clusterroles', ['bind']),
])('$resources with $verbs escalates', (one) => {
  const rights = reviewedRights([one])
  expect(rights).toMatchObject([{ sensitive: true }])
  expect(reviewRisks(rights)).toContain('escalate')
})
