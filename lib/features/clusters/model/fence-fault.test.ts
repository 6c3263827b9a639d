import { expect, test } from 'vitest'
import { describeFaults, sameFence } from './fence-fault.ts'

const rule = { apiGroups: [''], apiVersions: ['*'], operations: ['CREATE'], resources: ['pods'] }
const shipped = {
  failurePolicy: 'Fail',
  matchConstraints: { resourceRules: [rule] },
  validations: [{ expression: 'a', message: 'm', reason: 'Forbidden' }],
}
/** As the API server returns it. */
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

test('defaults that the API server fills in make no difference', () => {
  expect(sameFence(shipped, found)).toBe(true)
})

test.each([
  ['fails open', { ...found, failurePolicy: 'Ignore' }],
  [
    'leaves some namespaces out',
    { ...found, matchConstraints: { ...found.matchConstraints, namespaceSelector: { matchLabels: { a: 'b' } } } },
  ],
  [
    'leaves some objects out',
    { ...found, matchConstraints: { ...found.matchConstraints, objectSelector: { matchLabels: { a: 'b' } } } },
  ],
  [
    'leaves some kinds out',
    { ...found, matchConstraints: { ...found.matchConstraints, excludeResourceRules: [rule] } },
  ],
  ['leaves other versions out', { ...found, matchConstraints: { ...found.matchConstraints, matchPolicy: 'Exact' } }],
  [
    'leaves some scope out',
    { ...found, matchConstraints: { ...found.matchConstraints, resourceRules: [{ ...rule, scope: 'Cluster' }] } },
  ],
  ['leaves some people out', { ...found, matchConditions: [{ name: 'n', expression: 'false' }] }],
  ['says something else', { ...found, validations: [{ expression: 'true', message: 'm', reason: 'Forbidden' }] }],
  ['says less', { ...found, validations: [] }],
  ['is not there', undefined],
])('a fence that %s does not count as the same', (_how, changed) => {
  expect(sameFence(shipped, changed)).toBe(false)
})

test('faults in a line: our policies once and by name, what else there is with its reason', () => {
  const fault = 'not enforced: a sentence'
  const ofPolicies = ['spaceport-reach', 'spaceport-reach', 'spaceport-pods'].map((policy) => ({ policy, fault }))
  const other = { policy: 'PodSecurity', fault: 'not enforced: pods can do more' }
  expect(describeFaults(ofPolicies)).toBe('not in force: spaceport-reach, spaceport-pods')
  expect(describeFaults([...ofPolicies, other])).toBe(
    'not in force: spaceport-reach, spaceport-pods; PodSecurity: not enforced: pods can do more',
  )
  expect(describeFaults([other])).toBe('PodSecurity: not enforced: pods can do more')
})
