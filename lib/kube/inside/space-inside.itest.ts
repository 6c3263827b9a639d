import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openClusterFixture, testMember } from '#dev/testing/fixtures/cluster-fixture.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { request } from '#lib/kube/client/request.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { countLoss } from './count-loss.ts'
import { readNamespaceInside } from './read-namespace-inside.ts'
import { watchSpaceInside } from './watch-space-inside.ts'

const fixture = openClusterFixture()
const { broker } = fixture
afterAll(() => fixture.close())

const clock = () => new Date()
const pod = { containers: [{ name: 'app', image: 'example.com/app:1' }] }

const create = (as: AsPerson, path: string, body: Record<string, unknown>) =>
  request(broker, { method: 'POST', path, body, as }, z.unknown())

const deployment = (as: AsPerson, namespace: string, name: string, replicas: number, labels = {}) =>
  create(as, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name, ...labels } }, spec: pod },
    },
  })

test('a page shows workloads with their readiness, events and usage as the person sees them', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await deployment(owner, namespace, 'web', 2)
  await deployment(owner, namespace, 'idle', 0)
  await create(owner, `/apis/batch/v1/namespaces/${namespace}/jobs`, {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: { name: 'once' },
    spec: { template: { spec: { ...pod, restartPolicy: 'Never' } } },
  })
  await create(owner, `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'bare' },
    spec: pod,
  })
  await create(owner, `/api/v1/namespaces/${namespace}/persistentvolumeclaims`, {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  })
  const empty = { workloads: [], events: [], quota: [], blocked: null, leftOut: [] }
  let inside: SpaceInside = { ...empty, inUse: Promise.resolve(null) }
  await expect
    .poll(
      async () => {
        inside = await readNamespaceInside(broker, owner, namespace, new Date())
        return inside.workloads.map(({ kind, name, ready, desired, status }) => [kind, name, ready, desired, status])
      },
      { timeout: 30_000, interval: 250 },
    )
    .toEqual([
      ['Deployment', 'idle', 0, 0, 'Scaled to zero'],
      ['Deployment', 'web', 2, 2, 'Ready'],
      ['Job', 'once', 1, 1, 'Complete'],
      ['Pod', 'bare', 1, 1, 'Ready'],
    ])
  expect(inside.workloads[1]).toMatchObject({ image: 'example.com/app:1' })
  const reasons = async () =>
    (await readNamespaceInside(broker, owner, namespace, new Date())).events.map(({ reason }) => reason)
  await expect.poll(reasons, { interval: 250 }).toContain('ScalingReplicaSet')
  await expect
    .poll(async () =>
      (await readNamespaceInside(broker, owner, namespace, new Date())).quota.find(
        ({ resource }) => resource === 'pods',
      ),
    )
    .toEqual({ resource: 'pods', used: '3', hard: '20', ratio: 0.15 })
  expect(await countLoss(broker, owner, namespace, new Date())).toEqual({ workloads: 4, volumes: 1 })
})

test('the size’s promised number of pods run without naming resources', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await deployment(owner, namespace, 'many', 20)
  const look = async () => {
    const { workloads, blocked } = await readNamespaceInside(broker, owner, namespace, new Date())
    return { ready: workloads[0]?.ready, blocked }
  }
  await expect.poll(look, { timeout: 30_000, interval: 250 }).toEqual({ ready: 20, blocked: null })
})

test.each([
  ['crash', { kind: 'crashing', restarts: 5, exitCode: 1, container: 'app' }],
  ['out-of-memory', { kind: 'out-of-memory', restarts: 3, exitCode: 137 }],
  ['image-pull', { kind: 'image', message: 'Back-off pulling image "example.com/app:1"' }],
])('a workload shows why its pods don’t run: %s', async (simulated, problem) => {
  const { owner, namespace } = await fixture.makeSpace()
  await deployment(owner, namespace, 'fine', 1)
  await deployment(owner, namespace, 'web', 1, { 'spaceport.dev/simulate': simulated })
  const look = async () => (await readNamespaceInside(broker, owner, namespace, new Date())).workloads
  await expect.poll(look, { timeout: 30_000, interval: 250 }).toMatchObject([
    { name: 'web', ready: 0, problem, pods: [{ node: expect.any(String), ready: false }] },
    { name: 'fine', ready: 1, problem: null },
  ])
})

test('a workload that fits no node shows the scheduler’s message', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await create(owner, `/api/v1/namespaces/${namespace}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'picky' },
    spec: { ...pod, nodeSelector: { gpu: 'yes' } },
  })
  const look = async () => (await readNamespaceInside(broker, owner, namespace, new Date())).workloads
  const unschedulable = { kind: 'unschedulable', message: expect.stringContaining('node affinity/selector') }
  await expect
    .poll(look, { timeout: 30_000, interval: 250 })
    .toMatchObject([{ kind: 'Pod', name: 'picky', problem: unschedulable, warning: { reason: 'FailedScheduling' } }])
})

test('a CronJob is one row with its runs', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await create(owner, `/apis/batch/v1/namespaces/${namespace}/cronjobs`, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: {
      schedule: '0 3 * * *',
      suspend: true,
      jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'Never' } } } },
    },
  })
  const look = async () => (await readNamespaceInside(broker, owner, namespace, new Date())).workloads
  await expect
    .poll(look, { interval: 250 })
    .toMatchObject([{ kind: 'CronJob', name: 'nightly', status: 'Suspended', image: 'example.com/app:1' }])
})

test('a workload that exceeds the quota shows which resource ran out, until there is room', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await deployment(owner, namespace, 'many', 21)
  const look = async () => (await readNamespaceInside(broker, owner, namespace, new Date())).blocked
  const many = { kind: 'Deployment', name: 'many', pods: 1 }
  const all = { ...many, pods: 20, amount: 20 }
  await expect
    .poll(look, { timeout: 120_000, interval: 250 })
    .toEqual({ workloads: [many], resources: [{ resource: 'pods', needed: 21, hard: '20', users: [all] }] })
  await create(owner, `/apis/apps/v1/namespaces/${namespace}/statefulsets`, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'late' },
    spec: {
      replicas: 1,
      serviceName: 'late',
      selector: { matchLabels: { app: 'late' } },
      template: { metadata: { labels: { app: 'late' } }, spec: pod },
    },
  })
  await expect.poll(look, { timeout: 120_000, interval: 250 }).toMatchObject({
    workloads: [many, { kind: 'StatefulSet', name: 'late', pods: 1 }],
    resources: [{ resource: 'pods', needed: 22 }],
  })
  await request(
    broker,
    {
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/many`,
      body: { spec: { replicas: 1 } },
      contentType: 'application/merge-patch+json',
      as: owner,
    },
    z.unknown(),
  )
  await expect
    .poll(async () => (await look())?.workloads ?? [], { timeout: 30_000, interval: 250 })
    .not.toContainEqual(many)
})

test('the pods blocked by the quota are counted, with their requests and the largest users', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const container = { ...pod.containers[0], resources: { requests: { cpu: '1500m' }, limits: { cpu: '2' } } }
  await create(owner, `/apis/apps/v1/namespaces/${namespace}/deployments`, {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'web' } },
      template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container] } },
    },
  })
  const look = async () => (await readNamespaceInside(broker, owner, namespace, new Date())).blocked
  await expect.poll(look, { timeout: 120_000, interval: 250 }).toEqual({
    workloads: [{ kind: 'Deployment', name: 'web', pods: 3 }],
    resources: [
      {
        ...{ resource: 'requests.cpu', needed: 6, hard: '2' },
        users: [{ kind: 'Deployment', name: 'web', pods: 1, amount: 1.5 }],
      },
    ],
  })
})

test('a person without a role in a space sees nothing of it', async () => {
  const { namespace } = await fixture.makeSpace()
  const stranger = testMember('stranger')
  await expect(readNamespaceInside(broker, stranger, namespace, new Date())).rejects.toMatchObject({
    code: 'forbidden',
  })
  await expect(countLoss(broker, stranger, namespace, new Date())).rejects.toMatchObject({ code: 'forbidden' })
  const { signal } = new AbortController()
  await expect(watchSpaceInside(broker, stranger, namespace, { onChange() {}, clock, signal })).rejects.toMatchObject({
    code: 'forbidden',
  })
})

test('the broker’s own rights show nothing inside', async () => {
  const { namespace } = await fixture.makeSpace()
  for (const path of [`/api/v1/namespaces/${namespace}/pods`, `/api/v1/namespaces/${namespace}/secrets`])
    await expect(request(broker, { method: 'GET', path }, z.unknown())).rejects.toMatchObject({
      code: 'cluster_refused',
    })
})

test('a change in a space is reported within a second, and several at once are reported together', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const ended = new AbortController()
  let changes = 0
  const watching = watchSpaceInside(broker, owner, namespace, {
    onChange: () => (changes += 1),
    clock,
    signal: ended.signal,
  })
  await expect
    .poll(
      async () => {
        await create(owner, `/api/v1/namespaces/${namespace}/pods`, {
          apiVersion: 'v1',
          kind: 'Pod',
          metadata: { generateName: 'many-' },
          spec: pod,
        })
        return changes
      },
      { timeout: 30_000, interval: 200 },
    )
    .toBeGreaterThan(0)
  ended.abort()
  await watching
  expect(changes).toBeLessThan(6)
})

test('a change without a pod or event is reported within 15 seconds', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  await deployment(owner, namespace, 'idle', 0)
  const ended = new AbortController()
  let changes = 0
  const watching = watchSpaceInside(broker, owner, namespace, {
    onChange: () => (changes += 1),
    clock,
    signal: ended.signal,
  })
  const annotate = (value: string) =>
    request(
      broker,
      {
        method: 'PATCH',
        path: `/apis/apps/v1/namespaces/${namespace}/deployments/idle`,
        body: { metadata: { annotations: { changed: value } } },
        contentType: 'application/merge-patch+json',
        as: owner,
      },
      z.unknown(),
    )
  // The deployment's own events are over: the watches are quiet, and usually the first poll is done.
  await delay(4_000)
  changes = 0
  let written = 0
  // Again and again, because a change before the first poll isn't noticed.
  await expect
    .poll(
      async () => {
        await annotate(String(written++))
        return changes
      },
      { timeout: 90_000, interval: 1_000 },
    )
    .toBeGreaterThan(0)
  ended.abort()
  await watching
})

test('a person who loses the role no longer sees anything of the space', async () => {
  const viewer = testMember('viewer')
  const { namespace } = await fixture.makeSpace([{ member: viewer, role: 'viewer' }])
  const look = () =>
    readNamespaceInside(broker, viewer, namespace, new Date()).then(
      () => 'sees',
      (error: unknown) => (isAppError(error) ? error.code : 'unexpected'),
    )
  await expect.poll(look).toBe('sees')
  await deleteObject(broker, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    namespace,
    name: 'spaceport:viewer',
  })
  await expect.poll(look).toBe('forbidden')
})
