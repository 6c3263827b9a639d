import { expect, test } from 'vitest'
import { quotaRefusalInWords } from './quota-refusal.ts'

test.each([
  [
    'pods "web-7887448d46-x" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20',
    'No more pods fit.',
  ],
  [
    'pods "web" is forbidden: exceeded quota: spaceport, requested: limits.cpu=500m,requests.memory=1Gi, used: limits.cpu=4,requests.memory=3584Mi, limited: limits.cpu=4,requests.memory=4Gi',
    'Each pod needs CPU limits of 0.5 CPUs and memory requests of 1 GiB.',
  ],
  [
    'persistentvolumeclaims "data-db-1" is forbidden: exceeded quota: spaceport, requested: requests.storage=10Gi, used: requests.storage=15Gi, limited: requests.storage=20Gi',
    'Each volume needs storage of 10 GiB.',
  ],
  ['pods "web" is forbidden: violates PodSecurity', ''],
  ['', ''],
])('the refusal “%s” reads “%s”', (message, words) => {
  expect(quotaRefusalInWords(message)).toBe(words)
})
