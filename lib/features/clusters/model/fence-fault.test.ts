import { expect, test } from 'vitest'
import { describeFaults, sameFence } from './fence-fault.ts'

const rule = { apiGroups: [''], apiVersions: ['*'], operations: ['CREATE'], resources: ['pods'] }
const shipped = {
  failurePolicy: 'Fail',
  matchConstraints: { resourceRules: [rule] },
  validations: [{ expression: 'a', message: 'm', reason: 'Forbidden' }],
}
/** As the API server returns them. */
const found = {
  failurePolicy: 'Fail',
  matchConstraints: {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
    resourceRules: [{ ...rule, scope: '*' }],
  },
  validations: [{ expression: 'a', message: 'm', reason: 'Forbidden' }],
}

test('the API server’s defaults make no difference', () => {
  expect(sameFence(shipped, found)).toBe(true)
})

test.each([
  ['fails open', { ...found, failurePolicy: 'Ignore' }],
  [
    'excludes some namespaces',
    { ...found, matchConstraints: { ...found.matchConstraints, namespaceSelector: { matchLabels: { a: 'b' } } } },
  ],
  [
    'excludes some objects',
    { ...found, matchConstraints: { ...found.matchConstraints, objectSelector: { matchLabels: { a: 'b' } } } },
  ],
  ['excludes some kinds', { ...found, matchConstraints: { ...found.matchConstraints, excludeResourceRules: [rule] } }],
  ['excludes other versions', { ...found, matchConstraints: { ...found.matchConstraints, matchPolicy: 'Exact' } }],
  [
    'excludes some scope',
    { ...found, matchConstraints: { ...found.matchConstraints, resourceRules: [{ ...rule, scope: 'Cluster' }] } },
  ],
  ['excludes some people', { ...found, matchConditions: [{ name: 'n', expression: 'false' }] }],
  ['has another rule', { ...found, validations: [{ expression: 'true', message: 'm', reason: 'Forbidden' }] }],
  ['says less', { ...found, validations: [] }],
  ['is missing', undefined],
])('a fence that %s is not equivalent', (_how, changed) => {
  expect(sameFence(shipped, changed)).toBe(false)
})

test('faults in one line: each of our policies once by name, then the rest with their reasons', () => {
  const fault = 'not enforced: a sentence'
  const ofPolicies = ['spaceport-reach', 'spaceport-reach', 'spaceport-pods'].map((policy) => ({ policy, fault }))
  const other = { policy: 'PodSecurity', fault: 'not enforced: pods can do more' }
  expect(describeFaults(ofPolicies)).toBe('not in force: spaceport-reach, spaceport-pods')
  expect(describeFaults([...ofPolicies, other])).toBe(
    'not in force: spaceport-reach, spaceport-pods; PodSecurity: not enforced: pods can do more',
  )
  expect(describeFaults([other])).toBe('PodSecurity: not enforced: pods can do more')
})
