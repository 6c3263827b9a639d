import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openClusterFixture } from '#dev/testing/fixtures/cluster-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { type KubeRequest, request } from '#lib/kube/client/request.ts'

/** How a pod of a space may change after its creation: Kubernetes lets tolerations be added to an existing pod. */
const fixture = openClusterFixture()
let space: Awaited<ReturnType<typeof fixture.makeSpace>>
/** A pending pod, which doesn't tolerate the node's taint; all changes to it are dry runs. */
let waiting: Pod
beforeAll(async () => {
  space = await fixture.makeSpace()
  const nodeSelector = { 'node-role.kubernetes.io/control-plane': '' }
  waiting = await makeAs('owner', podOf({ nodeSelector, tolerations: [pool] }))
})
afterAll(() => fixture.close())

type Toleration = Record<string, unknown>
const podSchema = z.looseObject({
  metadata: z.looseObject({ name: z.string() }),
  spec: z.looseObject({ tolerations: z.array(z.looseObject({})) }),
})
type Pod = z.infer<typeof podSchema>
const pods = () => `/api/v1/namespaces/${space.namespace}/pods`
const pool = { key: 'pool', operator: 'Exists' }
const any = { operator: 'Exists' }
const refused: [what: string, added: Toleration][] = [
  ['any taint', any],
  ['any taint of one effect', { operator: 'Exists', effect: 'NoExecute' }],
  ['the control plane', { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists' }],
  ['the old control plane', { key: 'node-role.kubernetes.io/master', effect: 'NoSchedule' }],
  ['the nodes of add-ons', { key: 'CriticalAddonsOnly', operator: 'Exists' }],
]

const podOf = (spec: Record<string, unknown>, metadata: Record<string, unknown> = {}) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: uniqueName('pod'), ...metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
})
const makeAs = (who: 'owner' | 'admin', body: ReturnType<typeof podOf>) =>
  request(
    who === 'owner' ? fixture.broker : fixture.admin,
    { method: 'POST', path: pods(), body, ...(who === 'owner' ? { as: space.owner } : {}) },
    podSchema,
  )
const merge = (path: string, body: unknown): KubeRequest => ({
  method: 'PATCH',
  path,
  contentType: 'application/merge-patch+json',
  body,
})
const outcome = (asked: KubeRequest) => space.tryAsOwner(asked)
const soon = { timeout: 30_000, interval: 100 }

/** A pod from before the fence, or of an exempt subject, with what the fence refuses. */
const olderPod = () =>
  makeAs(
    'admin',
    podOf(
      {
        nodeName: 'control-plane',
        priorityClassName: 'system-node-critical',
        runtimeClassName: 'spaceport-fence-proof',
        tolerations: [any],
      },
      { finalizers: ['example.com/held'] },
    ),
  )

test.each(refused)('a pending pod can’t get access to %s afterwards', async (_what, added) => {
  const { metadata, spec } = waiting
  const path = `${pods()}/${metadata.name}`
  const tolerations = [...spec.tolerations, added]
  const tries: KubeRequest[] = [
    { ...merge(path, { spec: { tolerations } }), query: { dryRun: 'All' } },
    {
      method: 'PATCH',
      path,
      query: { dryRun: 'All' },
      contentType: 'application/json-patch+json',
      body: [{ op: 'add', path: '/spec/tolerations/-', value: added }],
    },
    {
      method: 'PATCH',
      path,
      query: { dryRun: 'All', fieldManager: 'me', force: 'true' },
      contentType: 'application/apply-patch+yaml',
      body: { apiVersion: 'v1', kind: 'Pod', metadata: { name: metadata.name }, spec: { tolerations } },
    },
  ]
  // A policy takes effect within a second of being written; these are dry runs.
  for (const asked of tries) await vi.waitFor(async () => expect(await outcome(asked)).toBe('forbidden'), soon)
})

test.each<[what: string, spec: Record<string, unknown>]>([
  ['node', { nodeName: 'control-plane' }],
  ['priority', { priorityClassName: 'system-node-critical' }],
  ['runtime', { runtimeClassName: 'spaceport-fence-proof' }],
  ['probes', { containers: [{ name: 'c', image: 'i', livenessProbe: { tcpSocket: { port: 80 } } }] }],
])('a pod’s %s can’t be changed at all, so the fence checks it only on new pods', async (_what, spec) => {
  const asked = merge(`${pods()}/${waiting.metadata.name}`, { spec })
  const refusal = request(fixture.admin, { ...asked, query: { dryRun: 'All' } }, z.unknown())
  await expect(refusal).rejects.toMatchObject({ httpStatus: 422 })
})

test('a pod that is created by applying it counts as new', async () => {
  const name = uniqueName('pod')
  const applied = (spec: Record<string, unknown>): KubeRequest => ({
    method: 'PATCH',
    path: `${pods()}/${name}`,
    query: { dryRun: 'All', fieldManager: 'me' },
    contentType: 'application/apply-patch+yaml',
    body: { ...podOf(spec), metadata: { name } },
  })
  expect(await outcome(applied({}))).toBe('allowed')
  expect(await outcome(applied({ tolerations: [any] }))).toBe('forbidden')
  expect(await outcome(applied({ nodeName: 'control-plane' }))).toBe('forbidden')
})

test('all other changes that Kubernetes allows still work', async () => {
  const { metadata, spec } = await makeAs('owner', podOf({ tolerations: [pool] }))
  const path = `${pods()}/${metadata.name}`
  const added = { key: 'another-pool', operator: 'Exists' }
  expect(await outcome(merge(path, { spec: { tolerations: [...spec.tolerations, added] } }))).toBe('allowed')
  expect(await outcome(merge(path, { metadata: { labels: { app: 'web' } } }))).toBe('allowed')
  expect(await outcome(merge(path, { spec: { activeDeadlineSeconds: 60 } }))).toBe('allowed')
})

test('an older pod keeps what it has, gets nothing more, and can be deleted', async () => {
  const { metadata, spec } = await olderPod()
  const path = `${pods()}/${metadata.name}`
  for (const [, added] of refused.slice(1))
    expect(await outcome(merge(path, { spec: { tolerations: [...spec.tolerations, added] } }))).toBe('forbidden')
  expect(await outcome(merge(path, { spec: { tolerations: [...spec.tolerations, pool] } }))).toBe('allowed')
  expect(await outcome(merge(path, { metadata: { labels: { app: 'web' } } }))).toBe('allowed')
  // As the controllers do, which have no exemption.
  expect(await outcome(merge(path, { metadata: { finalizers: null } }))).toBe('allowed')
})

test('no subresource adds a toleration', async () => {
  const { metadata, spec } = await makeAs('owner', podOf({}))
  const before = JSON.stringify(spec.tolerations)
  const path = `${pods()}/${metadata.name}`
  const tolerations = [...spec.tolerations, any]
  // The fence leaves these to the API server, which keeps the rest of the pod: writing them gains nothing.
  for (const subresource of ['status', 'ephemeralcontainers', 'resize'])
    await request(
      fixture.admin,
      {
        method: 'PATCH',
        path: `${path}/${subresource}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { tried: subresource } }, spec: { tolerations } },
      },
      z.unknown(),
    ).catch(() => {})
  const after = await request(fixture.admin, { method: 'GET', path }, podSchema)
  expect(JSON.stringify(after.spec.tolerations)).toBe(before)
  const target = { apiVersion: 'v1', kind: 'Node', name: 'control-plane' }
  const binding = { apiVersion: 'v1', kind: 'Binding', metadata: { name: metadata.name }, target }
  expect(await outcome({ method: 'POST', path: `${path}/binding`, body: binding })).toBe('forbidden')
})
