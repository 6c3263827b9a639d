import { expect, test } from 'vitest'
import { isNarrowed, isSelected, listMatched, type Webhook, webhookSchema } from './webhook-reach.ts'

const rule = { operations: ['CREATE'], apiGroups: [''], resources: ['pods'], scope: '*' }
const webhook = (changed: object): Webhook => webhookSchema.parse({ clientConfig: {}, rules: [rule], ...changed })
const matched = (changed: object) => listMatched(webhook({ rules: [{ ...rule, ...changed }] }))

test.each([
  [{}, ['pods']],
  [{ resources: ['pods/*'] }, ['pods']],
  [{ resources: ['pods/exec'] }, []],
  [{ operations: ['CONNECT'] }, []],
  [{ operations: ['*'] }, ['pods']],
  [{ operations: ['DELETE'], resources: ['namespaces'] }, ['namespaces']],
  [{ resources: ['configmaps', 'secrets'] }, []],
  [{ resources: ['rolebindings'] }, []],
  [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['*'] }, ['rolebindings']],
  [{ apiGroups: ['*'], resources: ['networkpolicies'] }, ['networkpolicies']],
  [{ resources: ['*'] }, ['namespaces', 'serviceaccounts', 'resourcequotas', 'limitranges', 'pods']],
  [{ resources: ['*/*'], scope: 'Cluster' }, ['namespaces']],
  [{ resources: ['namespaces', 'limitranges'], scope: 'Namespaced' }, ['limitranges']],
])('a rule matches the requests that the API server would send to its webhook: %j', (changed, expected) => {
  expect(matched(changed)).toEqual(expected)
})

const space = { 'spaceport.dev/space-id': '1', 'kubernetes.io/metadata.name': 'lab' }
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
})

test.each([
  [undefined, true],
  [{}, true],
  [expression('spaceport.dev/space-id', 'DoesNotExist'), false],
  [expression('other', 'DoesNotExist'), true],
  [expression('spaceport.dev/space-id', 'Exists'), true],
  [expression('istio-injection', 'Exists'), false],
  [expression('kubernetes.io/metadata.name', 'NotIn', 'kube-system'), true],
  [expression('kubernetes.io/metadata.name', 'NotIn', 'lab'), false],
  [expression('absent', 'NotIn', 'lab'), true],
  [expression('kubernetes.io/metadata.name', 'In', 'lab', 'other'), true],
  [expression('absent', 'In', 'lab'), false],
  [{ matchLabels: { 'istio-injection': 'enabled' } }, false],
  [{ matchLabels: { 'kubernetes.io/metadata.name': 'lab' } }, true],
  [{ matchLabels: space, ...expression('spaceport.dev/space-id', 'DoesNotExist') }, false],
])('a namespaceSelector selects a space: %j, %s', (selector, expected) => {
  expect(isSelected(selector, space)).toBe(expected)
})

test('webhooks with further conditions are distinguished', () => {
  expect(isNarrowed(webhook({ objectSelector: {} }))).toBe(false)
  expect(isNarrowed(webhook({ objectSelector: { matchLabels: { inject: 'yes' } } }))).toBe(true)
  expect(isNarrowed(webhook({ matchConditions: [{ name: 'x', expression: 'true' }] }))).toBe(true)
})
