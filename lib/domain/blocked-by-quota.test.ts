import { expect, test } from 'vitest'
import { blockedByQuota } from './blocked-by-quota.ts'
import type { SpaceEvent, Workload } from './space-inside.ts'

const workload = (kind: Workload['kind'], ready: number, refusal: string | null = null): Workload => ({
  kind,
  name: 'web',
  ready,
  desired: 2,
  image: '',
  createdAt: '2026-11-26T12:00:00Z',
  status: 'Starting',
  refusal,
})
const refusal = (requested: string) =>
  `pods "web-x7k2p" is forbidden: exceeded quota: spaceport, requested: ${requested}, used: limits.cpu=4, limited: limits.cpu=4`
const event = (object: string, message: string): SpaceEvent => ({
  type: 'Warning',
  reason: 'FailedCreate',
  message,
  object,
  count: 1,
  lastSeen: '2026-11-26T12:00:00Z',
})

test('a deployment that says that quota keeps its pods from being created waits for what ran out', () => {
  const workloads = [workload('Deployment', 2, refusal('limits.cpu=1,requests.memory=2Gi'))]
  expect(blockedByQuota({ workloads, events: [] })).toEqual({
    workloads: [{ kind: 'Deployment', name: 'web' }],
    resources: ['limits.cpu', 'requests.memory'],
  })
})

test('other kinds wait while pods are missing and their last failure was quota', () => {
  const events = [event('StatefulSet/web', `create Pod web-1 in StatefulSet web failed error: ${refusal('pods=1')}`)]
  expect(blockedByQuota({ workloads: [workload('StatefulSet', 1)], events })).toMatchObject({ resources: ['pods'] })
  expect(blockedByQuota({ workloads: [workload('StatefulSet', 2)], events })).toBeNull()
  expect(blockedByQuota({ workloads: [workload('Job', 1)], events })).toBeNull()
  const since = [event('StatefulSet/web', 'pods "web-1" is forbidden: violates PodSecurity'), ...events]
  expect(blockedByQuota({ workloads: [workload('StatefulSet', 1)], events: since })).toBeNull()
})

test('a pod that is refused for anything else, or starts, is not blocked by quota', () => {
  const other = 'pods "web-x7k2p" is forbidden: violates PodSecurity "restricted:latest"'
  expect(blockedByQuota({ workloads: [workload('Deployment', 0, other)], events: [] })).toBeNull()
  expect(blockedByQuota({ workloads: [workload('Deployment', 0)], events: [] })).toBeNull()
})
