import { expect, test } from 'vitest'
import { problemOf } from '#lib/kernel/model/spaces/pod-problem.ts'
import type { Pod, SpaceEvent, Workload } from '#lib/kernel/model/spaces/space-inside.ts'
import { blockedByQuota } from './blocked-by-quota.ts'
import { placePods } from './place-pods.ts'

const createdAt = '2026-11-27T12:00:00Z'
const workload = (kind: Workload['kind'], name: string, more: Partial<Workload> = {}): Workload => ({
  ...{ kind, name, owner: null, ready: 0, desired: 1, image: 'app', createdAt, status: 'Starting', problem: null },
  ...more,
})
const pod = (name: string, more: Partial<Pod> = {}): Pod => ({
  ...{
    name,
    uid: name,
    owner: null,
    templateHash: null,
    ready: false,
    phase: 'Pending',
    restarts: 0,
    node: '',
    image: 'app',
  },
  ...{ createdAt, problem: null, containers: ['app'], initContainers: [], uses: {} },
  ...more,
})
const ofDeployment = (name: string, more: Partial<Pod> = {}) =>
  pod(`${name}-7d4b9c6f5d-x7k2p`, {
    ...{ owner: { kind: 'ReplicaSet', name: `${name}-7d4b9c6f5d` }, templateHash: '7d4b9c6f5d' },
    ...more,
  })
const warning = (object: string, reason: string, message: string, lastSeen = createdAt): SpaceEvent => ({
  ...{ type: 'Warning', object, reason, message, count: 1, lastSeen },
})
const place = (workloads: Workload[], pods: Pod[] = [], events: SpaceEvent[] = []) =>
  placePods({ workloads, pods, events })
const problems = (...given: Parameters<typeof place>) => place(...given).map(({ problem }) => problem?.kind ?? null)

test('pods are listed under their workload; pods without one, or of an unknown kind, are rows of their own', () => {
  const placed = place(
    [workload('Deployment', 'web'), workload('StatefulSet', 'db'), workload('Job', 'once')],
    [
      ofDeployment('web'),
      pod('db-0', { owner: { kind: 'StatefulSet', name: 'db' } }),
      pod('once-x', { owner: { kind: 'Job', name: 'once' } }),
      pod('bare', { ready: true, phase: 'Running' }),
      pod('rolled', { owner: { kind: 'Rollout', name: 'canary' } }),
    ],
  )
  expect(placed.map(({ kind, name, pods }) => [kind, name, pods.length])).toEqual([
    ['Deployment', 'web', 1],
    ['StatefulSet', 'db', 1],
    ['Job', 'once', 1],
    ['Pod', 'bare', 1],
    ['Pod', 'rolled', 1],
  ])
  expect(placed[3]).toMatchObject({ status: 'Ready', ready: 1 })
})

test('workloads with a problem come first', () => {
  const crashing = ofDeployment('zeta', { problem: problemOf('crashing') })
  const placed = place([workload('Deployment', 'alpha', { ready: 1 }), workload('Deployment', 'zeta')], [crashing])
  expect(placed.map(({ name }) => name)).toEqual(['zeta', 'alpha'])
})

test('evicted pods are ignored once others replace them', () => {
  const evicted = ofDeployment('web', { phase: 'Failed', problem: problemOf('evicted') })
  expect(problems([workload('Deployment', 'web')], [evicted])).toEqual(['evicted'])
  expect(problems([workload('Deployment', 'web', { ready: 1, status: 'Ready' })], [evicted])).toEqual([null])
})

test('events add what a pod’s status lacks: a missing volume, a missing config map, a failing probe', () => {
  const problemsOf = (reason: string, message: string) =>
    problems(
      [workload('Deployment', 'web')],
      [ofDeployment('web')],
      [warning('Pod/web-7d4b9c6f5d-x7k2p', reason, message)],
    )
  expect(problemsOf('FailedMount', 'Unable to attach or mount volumes: timed out')).toEqual(['volume'])
  expect(problemsOf('FailedMount', 'MountVolume.SetUp failed for volume "c": configmap "app" not found')).toEqual([
    'configuration',
  ])
  expect(problemsOf('Unhealthy', 'Readiness probe failed: HTTP probe failed with statuscode: 503')).toEqual(['probe'])
  expect(problemsOf('BackOff', 'Back-off pulling image')).toEqual([null])
})

const refusal = (requested: string) =>
  `pods "web-x7k2p" is forbidden: exceeded quota: spaceport, requested: ${requested}, used: limits.cpu=4, limited: limits.cpu=4`

test('a deployment whose pods the quota refuses waits for the exhausted resources', () => {
  const refused = workload('Deployment', 'web', {
    problem: problemOf('refused', refusal('limits.cpu=1,requests.memory=2Gi')),
  })
  expect(blockedByQuota(place([refused]), [])).toMatchObject({
    workloads: [{ kind: 'Deployment', name: 'web' }],
    resources: [{ resource: 'limits.cpu' }, { resource: 'requests.memory' }],
  })
})

test('other kinds wait while pods are missing and the last failure was quota', () => {
  const events = [
    warning(
      'StatefulSet/web',
      'FailedCreate',
      `create Pod web-1 in StatefulSet web failed error: ${refusal('pods=1')}`,
    ),
  ]
  const set = (ready: number) => [workload('StatefulSet', 'web', { ready, desired: 2 })]
  expect(blockedByQuota(place(set(1), [], events), [])).toMatchObject({ resources: [{ resource: 'pods' }] })
  expect(blockedByQuota(place(set(2), [], events), [])).toBeNull()
  const since = [
    warning('StatefulSet/web', 'FailedCreate', 'pods "web-1" is forbidden: violates PodSecurity'),
    ...events,
  ]
  expect(problems(set(1), [], since)).toEqual(['refused'])
  expect(blockedByQuota(place(set(1), [], since), [])).toBeNull()
})

test('Jobs belong to their CronJob, which shows the problem of the newest run', () => {
  const cron = (name: string) => ({ owner: { kind: 'CronJob', name } })
  const jobs = [
    workload('CronJob', 'nightly', { status: 'Scheduled', desired: 0 }),
    workload('Job', 'nightly-1', {
      ...{ ...cron('nightly'), status: 'Failed', problem: problemOf('failed'), createdAt: '2026-11-26T01:00:00Z' },
    }),
  ]
  expect(place(jobs).map(({ kind, name, problem }) => [kind, name, problem?.kind])).toEqual([
    ['CronJob', 'nightly', 'failed'],
  ])
  const better = workload('Job', 'nightly-2', {
    ...cron('nightly'),
    status: 'Complete',
    createdAt: '2026-11-27T01:00:00Z',
  })
  expect(problems([...jobs, better])).toEqual([null])
  expect(place([workload('Job', 'left', cron('gone'))]).map(({ name }) => name)).toEqual(['left'])
})

test('a CronJob shows that the quota refuses its run’s pods', () => {
  const jobs = [
    workload('CronJob', 'nightly', { status: 'Scheduled', desired: 0 }),
    workload('Job', 'nightly-1', { owner: { kind: 'CronJob', name: 'nightly' } }),
  ]
  expect(problems(jobs, [], [warning('Job/nightly-1', 'FailedCreate', refusal('pods=1'))])).toEqual(['quota'])
  expect(problems(jobs)).toEqual([null])
})

test('complete, suspended and scaled-to-zero workloads have no problem', () => {
  const failed = (kind: Workload['kind'], status: Workload['status']) => workload(kind, 'x', { status, desired: 0 })
  const crashed = pod('x-1', { owner: { kind: 'Job', name: 'x' }, phase: 'Failed', problem: problemOf('failed') })
  expect(problems([failed('Job', 'Complete')], [crashed])).toEqual([null])
  expect(problems([failed('Job', 'Failed')], [crashed])).toEqual([null])
  expect(problems([failed('Deployment', 'Scaled to zero')])).toEqual([null])
})

test('a workload shows the newest warning about it or its pods', () => {
  const events = [
    warning('Pod/other', 'BackOff', 'not mine'),
    warning('Pod/web-7d4b9c6f5d-x7k2p', 'BackOff', 'newest'),
    warning('Deployment/web', 'FailedCreate', 'older'),
  ]
  expect(place([workload('Deployment', 'web')], [ofDeployment('web')], events)[0]?.warning?.message).toBe('newest')
})
