import { expect, test } from 'vitest'
import { resourceOf } from './resource-of.ts'

test.each([
  ['/api/v1/namespaces', 'namespaces'],
  ['/api/v1/namespaces/shop', 'namespaces'],
  ['/api/v1/namespaces/shop/pods', 'pods'],
  ['/api/v1/namespaces/shop/pods/web-1', 'pods'],
  ['/api/v1/namespaces/shop/pods/web-1/log', 'pods/log'],
  ['/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/spaceport:viewer', 'rolebindings'],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', 'clusterroles'],
  ['/version', 'other'],
  ['/', 'other'],
])('%s is about %s', (path, resource) => {
  expect(resourceOf(path)).toBe(resource)
})
