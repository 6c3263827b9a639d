import { randomUUID } from 'node:crypto'
import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { cronJobSchema, renderRunNow } from '#lib/features/spaces/model/cron-job.ts'
import type { WorkloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { type AsPerson, request } from '#lib/kube/client/request.ts'
import { readWorkload } from './read-workload.ts'

const fixture = openClusterFixture()
const { broker, admin } = fixture
afterAll(() => fixture.close())

const labels = { app: 'db' }
const pod = {
  containers: [
    {
      name: 'app',
      image: 'example.com/app:1',
      ports: [{ containerPort: 5432 }],
      volumeMounts: [{ name: 'data', mountPath: '/data' }],
    },
  ],
}
const template = { metadata: { labels }, spec: pod }
const claim = {
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
}

const create = (as: AsPerson, path: string, body: Record<string, unknown>) =>
  request(broker, { method: 'POST', path, body, as }, z.unknown())

test('each kind is read with its pods’ template; a pod of a workload has its own page', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const read = (kind: WorkloadRef['kind'], name: string) =>
    readWorkload(broker, owner, { namespace, kind, name, withManifest: true }, new Date())
  await create(owner, `/api/v1/namespaces/${namespace}/services`, {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'db' },
    spec: { selector: labels, ports: [{ port: 5432 }] },
  })
  await create(owner, `/apis/apps/v1/namespaces/${namespace}/statefulsets`, {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name: 'db' },
    spec: { serviceName: 'db', selector: { matchLabels: labels }, template, volumeClaimTemplates: [claim] },
  })
  await create(owner, `/apis/batch/v1/namespaces/${namespace}/cronjobs`, {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name: 'nightly' },
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        spec: {
          template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'example.com/job:1' }] } },
        },
      },
    },
  })
  const uses = [{ kind: 'PersistentVolumeClaim', name: 'data-…', places: ['/data'] }]
  const exposure = {
    services: [{ name: 'db', type: 'ClusterIP', ports: [{ port: 5432, protocol: 'TCP', name: '' }] }],
    hosts: [],
    containerPorts: [5432],
  }
  await expect
    .poll(async () => (await read('StatefulSet', 'db'))?.workload.pods.map(({ name }) => name), { timeout: 30_000 })
    .toEqual(['db-0'])
  expect(await read('StatefulSet', 'db')).toMatchObject({ strategy: 'RollingUpdate', uses, exposure })
  const own = await read('Pod', 'db-0')
  expect(own).toMatchObject({
    workload: { kind: 'Pod', owner: { kind: 'StatefulSet', name: 'db' }, pods: [{ uid: expect.any(String) }] },
    strategy: null,
    exposure,
    uses: [{ kind: 'PersistentVolumeClaim', name: 'data-db-0', places: ['/data'] }],
  })
  expect(own?.manifest?.text).toContain('kind: Pod')
  expect(await read('CronJob', 'nightly')).toMatchObject({
    workload: { status: 'Scheduled' },
    strategy: null,
    uses: [],
  })
  expect(await read('StatefulSet', 'db')).toMatchObject({
    autoscaler: null,
    revisions: { items: [{ number: 1, current: true, images: ['example.com/app:1'], change: { images: [] } }] },
  })
  expect(await read('CronJob', 'nightly')).toMatchObject({ revisions: null })
  await create(owner, `/apis/autoscaling/v2/namespaces/${namespace}/horizontalpodautoscalers`, {
    apiVersion: 'autoscaling/v2',
    kind: 'HorizontalPodAutoscaler',
    metadata: { name: 'grows' },
    spec: { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'StatefulSet', name: 'db' }, maxReplicas: 7 },
  })
  await expect
    .poll(() => read('StatefulSet', 'db'), { interval: 250 })
    .toMatchObject({ autoscaler: { name: 'grows', min: 1, max: 7 } })
  expect(await read('Pod', 'db-0')).toMatchObject({ autoscaler: null })
  expect(await read('Deployment', 'db')).toBeNull()
  expect(await read('Pod', 'db-1')).toBeNull()
})

test('a revision with unreadable data, or of another workload, is left out', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const apps = `/apis/apps/v1/namespaces/${namespace}`
  const template = { metadata: { labels }, spec: { containers: [{ name: 'app', image: 'example.com/app:1' }] } }
  await create(owner, `${apps}/daemonsets`, {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'agent' },
    spec: { selector: { matchLabels: labels }, template },
  })
  const read = async () =>
    readWorkload(broker, owner, { namespace, kind: 'DaemonSet', name: 'agent', withManifest: false }, new Date())
  await expect.poll(async () => (await read())?.revisions?.items.length, { timeout: 30_000 }).toBe(1)
  const another = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'another', uid: randomUUID(), controller: true }
  for (const [name, data, ownerReferences] of [
    ['odd', { spec: 'none' }, []],
    ['foreign', { spec: { template } }, [another]],
  ] as const)
    await request(
      admin,
      {
        method: 'POST',
        path: `${apps}/controllerrevisions`,
        body: {
          apiVersion: 'apps/v1',
          kind: 'ControllerRevision',
          metadata: { name, labels, ownerReferences },
          revision: 99,
          data,
        },
      },
      z.unknown(),
    )
  const { items = [], digest } = (await read())?.revisions ?? {}
  // Its controller may have given it a higher number by now.
  expect(items).toMatchObject([{ current: true, digest }])
})

test('a CronJob has its own Jobs, and no others', async () => {
  const { owner, namespace } = await fixture.makeSpace()
  const path = (resource: string) => `/apis/batch/v1/namespaces/${namespace}/${resource}`
  const spec = {
    template: { spec: { restartPolicy: 'Never', containers: [{ name: 'job', image: 'example.com/job:1' }] } },
  }
  const cron = (name: string) => ({
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: { schedule: '0 3 1 1 *', timeZone: 'Etc/UTC', suspend: true, jobTemplate: { spec } },
  })
  const identified = z.object({ metadata: z.object({ uid: z.string() }) })
  for (const name of ['nightly', 'weekly']) {
    const made = await request(
      broker,
      { method: 'POST', path: path('cronjobs'), body: cron(name), as: owner },
      identified,
    )
    const job = renderRunNow(cronJobSchema.parse({ ...cron(name), metadata: { name, ...made.metadata } }), new Date())
    await create(owner, path('jobs'), job)
  }
  await create(owner, path('jobs'), { apiVersion: 'batch/v1', kind: 'Job', metadata: { name: 'alone' }, spec })
  const read = () =>
    readWorkload(broker, owner, { namespace, kind: 'CronJob', name: 'nightly', withManifest: false }, new Date())
  await expect.poll(read, { timeout: 30_000 }).toMatchObject({
    revisions: null,
    schedule: {
      schedule: '0 3 1 1 *',
      timeZone: 'Etc/UTC',
      suspended: true,
      runs: [
        {
          name: expect.stringMatching(/^nightly-manual-/),
          manual: true,
          startedAt: expect.stringMatching(/^2/),
          seconds: null,
        },
      ],
    },
  })
})

test('a person without a role in the space is refused', async () => {
  const { namespace } = await fixture.makeSpace()
  const { owner: stranger } = await fixture.makeSpace()
  await expect(
    readWorkload(broker, stranger, { namespace, kind: 'Deployment', name: 'web', withManifest: false }, new Date()),
  ).rejects.toMatchObject({ code: 'forbidden' })
})
