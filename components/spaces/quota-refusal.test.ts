import { expect, test } from 'vitest'
import { quotaRefusalInWords } from './quota-refusal.ts'

test.each([
  [
    'pods "web-7887448d46-x" is forbidden: exceeded quota: spaceport, requested: pods=1, used: pods=20, limited: pods=20',
    'Pods: 20 of 20 used, 1 more needed.',
  ],
  [
    'pods "web" is forbidden: exceeded quota: spaceport, requested: limits.cpu=500m,requests.memory=1Gi, used: limits.cpu=4,requests.memory=3584Mi, limited: limits.cpu=4,requests.memory=4Gi',
    'CPU limits: 4 of 4 CPUs used, 0.5 CPUs more needed. Memory requests: 3.5 of 4 GiB used, 1 GiB more needed.',
  ],
  ['pods "web" is forbidden: violates PodSecurity', ''],
  ['', ''],
])('the refusal “%s” reads “%s”', (message, words) => {
  expect(quotaRefusalInWords(message)).toBe(words)
})
