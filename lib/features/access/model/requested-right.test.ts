import { expect, test } from 'vitest'
import { commonResources, parseResource, resourceName } from './requested-right.ts'

test.each([
  ['pods', '', 'pods'],
  ['pods/exec', '', 'pods/exec'],
  ['deployments.apps', 'apps', 'deployments'],
  ['deployments.apps/scale', 'apps', 'deployments/scale'],
  ['deployments/scale.apps', 'apps', 'deployments/scale'],
  ['certificates.cert-manager.io', 'cert-manager.io', 'certificates'],
  // Without a group, the parser uses the roles' tables: the core group has no deployments.
  ['deployments', 'apps', 'deployments'],
  ['rolebindings', 'rbac.authorization.k8s.io', 'rolebindings'],
  ['deployments/status', 'apps', 'deployments/status'],
  ['events', '', 'events'],
  ['unicorns', '', 'unicorns'],
])('%s is %s %s', (text, group, resource) => {
  expect(parseResource(text)).toEqual({ group, resource })
})

test.each([
  '',
  '*',
  'Pods',
  'pods exec',
  'pods/',
  '/pods',
  'pods/a/b',
  '../x',
  'pods.',
  'pods.a/b.c',
  'pods\u202e',
  '-pods',
])('%j is not a resource', (text) => {
  expect(parseResource(text)).toBeNull()
})

test('suggestions are accepted and formatted as in the portal', () => {
  for (const resource of commonResources) {
    const parsed = parseResource(resource)
    expect(parsed && resourceName(parsed.group, parsed.resource)).toBe(resource)
  }
})
