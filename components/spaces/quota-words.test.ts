import { expect, test } from 'vitest'
import { fullestQuota, quotaLabel, quotaParts, quotaText, shownQuota } from './quota-words.ts'

const quota = (resource: string, used: string, hard: string, ratio: number) => ({ resource, used, hard, ratio })

test('the parts of a quota add up to its words', () => {
  expect(quotaParts(quota('requests.memory', '1536Mi', '16Gi', 0.09))).toEqual({ used: '1.5', of: '16 GiB' })
  expect(quotaParts(quota('requests.memory', '512Mi', '16Gi', 0.03))).toEqual({ used: '512 MiB', of: '16 GiB' })
})

test.each([
  [quota('requests.cpu', '1500m', '4', 0.375), '1.5 of 4 CPUs'],
  [quota('requests.cpu', '15m', '4', 0.01), '0.015 of 4 CPUs'],
  [quota('requests.memory', '0', '16Gi', 0), '0 of 16 GiB'],
  [quota('requests.memory', '48Mi', '16Gi', 0.01), '48 MiB of 16 GiB'],
  [quota('requests.memory', '256Mi', '512Mi', 0.5), '256 of 512 MiB'],
  [quota('requests.memory', '3584Mi', '16Gi', 0.22), '3.5 of 16 GiB'],
  [quota('pods', '7', '50', 0.14), '7 of 50'],
])('%o in words', (usage, words) => {
  expect(quotaText(usage)).toBe(words)
})

test('a minor quota is shown once it is half full', () => {
  const secrets = quota('secrets', '10', '100', 0.1)
  expect(shownQuota([secrets])).toEqual([])
  expect(shownQuota([{ ...secrets, ratio: 0.6 }, quota('pods', '0', '20', 0)]).map((row) => row.resource)).toEqual([
    'pods',
    'secrets',
  ])
})

test.each([
  ['requests.memory', 'Memory requests'],
  ['count/rolebindings.rbac.authorization.k8s.io', 'Number of rolebindings'],
  ['count/pods', 'Number of pods, including finished ones'],
  ['example.com/gpu', 'example.com/gpu'],
])('%s is called %s', (resource, words) => {
  expect(quotaLabel(resource)).toBe(words)
})

test('the list shows the fullest quota, or none', () => {
  expect(fullestQuota([])).toBeNull()
  expect(fullestQuota([quota('pods', '1', '20', 0.05), quota('secrets', '9', '10', 0.9)])?.resource).toBe('secrets')
})
