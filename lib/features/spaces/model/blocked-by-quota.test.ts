import { expect, test } from 'vitest'
import { problemOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import type { PlacedWorkload, Pod } from '#lib/kernel/model/spaces/space-inside.ts'
import { blockedByQuota, requestedIn, sizeFor } from './blocked-by-quota.ts'

const createdAt = '2026-11-27T00:00:00Z'
const pod = (cpu: number, phase = 'Running'): Pod => ({
  ...{ name: 'x', uid: 'x', owner: null, templateHash: null, ready: true, phase, restarts: 0, node: '', image: 'app' },
  ...{ createdAt, problem: null, containers: [], initContainers: [], uses: { 'limits.cpu': cpu } },
})
const refusal = (requested: string) =>
  `pods "x" is forbidden: exceeded quota: spaceport, requested: ${requested}, used: limits.cpu=12500m, limited: limits.cpu=12500m`

const workload = (name: string, more: Partial<PlacedWorkload> = {}): PlacedWorkload => ({
  ...{ kind: 'Deployment', name, owner: null, ready: 0, desired: 1, image: 'app', createdAt },
  ...{ status: 'Starting', problem: null, pods: [], warning: null },
  ...more,
})
const waits = (name: string, requested: string, more: Partial<PlacedWorkload> = {}) =>
  workload(name, { problem: problemOf('quota', refusal(requested)), ...more })
const quota = [{ resource: 'limits.cpu', used: '12', hard: '12500m', ratio: 0.96 }]

test('missing pods count as waiting, and ended pods as missing', () => {
  const web = waits('web', 'limits.cpu=500m', { desired: 30, pods: [pod(0.5), pod(0.5), pod(0.5, 'Failed')] })
  expect(blockedByQuota([web], quota)?.workloads).toEqual([{ kind: 'Deployment', name: 'web', pods: 28 }])
})

test('the missing pods of a Job, or during a rollout, can’t be counted', () => {
  const job = waits('once', 'limits.cpu=500m', { kind: 'Job', desired: 10 })
  const rolling = waits('web', 'limits.cpu=500m', { desired: 1, pods: [pod(0.5)] })
  expect(blockedByQuota([job, rolling], quota)?.workloads.map(({ pods }) => pods)).toEqual([null, null])
})

test('workloads that use the exhausted resource are listed, the largest first', () => {
  const running = workload('small', { pods: [pod(0.5)] })
  const large = workload('large', { pods: [pod(4), pod(4)] })
  expect(blockedByQuota([waits('web', 'limits.cpu=500m'), running, large], quota)?.resources).toEqual([
    {
      resource: 'limits.cpu',
      needed: 12.5,
      hard: '12500m',
      users: [
        { kind: 'Deployment', name: 'large', pods: 2, amount: 8 },
        { kind: 'Deployment', name: 'small', pods: 1, amount: 0.5 },
      ],
    },
  ])
})

test('the suggested size is the smallest that fits everything', () => {
  const needing = (needed: number) => ({ resources: [{ resource: 'limits.cpu', needed, hard: '12500m', users: [] }] })
  expect(sizeFor(needing(13), 'S')).toBe('M')
  expect(sizeFor(needing(60), 'S')).toBe('L')
  expect(sizeFor(needing(60), 'M')).toBe('L')
  expect(sizeFor(needing(1_000), 'S')).toBe('L')
  expect(sizeFor(needing(13), 'L')).toBeNull()
})

test('a refusal shows what one pod requested; other messages show nothing', () => {
  expect([...requestedIn(refusal('limits.cpu=500m,requests.memory=2Gi'))]).toEqual([
    ['limits.cpu', 0.5],
    ['requests.memory', 2 * 2 ** 30],
  ])
  expect(requestedIn('pods "x" is forbidden: violates PodSecurity').size).toBe(0)
})
