import { expect, test } from 'vitest'
import { listVersionFaults, parseKubernetesVersion, versionStateOf } from './kubernetes-version.ts'

test.each([
  ['v1.36.3', 'supported'],
  ['v1.31.0', 'supported'],
  ['v1.33.1+k3s1', 'supported'],
  ['v1.32.4-gke.1106006', 'supported'],
  ['v2.0.0', 'supported'],
  ['v1.30.9', 'too-old'],
  ['v1.9.0', 'too-old'],
  ['v0.99.0', 'too-old'],
])('%s is %s', (text, state) => {
  expect(versionStateOf(parseKubernetesVersion(text) ?? '')).toBe(state)
})

test.each(['', '1.36.3', 'v1', 'v1.x', 'v1.36.3 <b>', 'v1.36.3\u202e', 'v1.36.3\n', `v1.36.${'3'.repeat(100)}`])(
  '“%s” is not a version to store or show',
  (text) => {
    expect(parseKubernetesVersion(text)).toBeUndefined()
  },
)

test('a version that is too old is a fault of its cluster, which names the required one', () => {
  expect(listVersionFaults('v1.36.3')).toEqual([])
  expect(listVersionFaults('v1.30.9')).toEqual([
    { policy: 'Kubernetes', fault: 'v1.30.9 is older than 1.31, which the admission policies need' },
  ])
})
