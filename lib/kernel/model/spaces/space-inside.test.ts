import { expect, test } from 'vitest'
import { quotaUsageOf } from './space-inside.ts'

test('usage is a share of the limit, in any units', () => {
  const usage = quotaUsageOf({ hard: { pods: '20', 'requests.cpu': '2' }, used: { pods: '5', 'requests.cpu': '500m' } })
  expect(usage).toEqual([
    { resource: 'pods', used: '5', hard: '20', ratio: 0.25 },
    { resource: 'requests.cpu', used: '500m', hard: '2', ratio: 0.25 },
  ])
})

test('an unused resource counts as zero, and a resource with a limit of zero is left out', () => {
  expect(quotaUsageOf({ hard: { pods: '20', 'services.nodeports': '0' }, used: {} })).toEqual([
    { resource: 'pods', used: '0', hard: '20', ratio: 0 },
  ])
})

test('an object count is shown only from 80% usage', () => {
  const hard = { 'count/jobs.batch': '1k', 'count/leases.coordination.k8s.io': '100', secrets: '100' }
  const shown = (used: Record<string, string>) => quotaUsageOf({ hard, used }).map(({ resource }) => resource)
  expect(shown({ 'count/jobs.batch': '799' })).toEqual(['secrets'])
  expect(shown({ 'count/jobs.batch': '800' })).toEqual(['count/jobs.batch', 'secrets'])
})
