import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { startApiServerProxy } from '#dev/testing/network/api-server-proxy.ts'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import { listVersionFaults } from '#lib/features/clusters/model/kubernetes-version.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { listen } from '#lib/kernel/db/listen.ts'
import { proofNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import { reconcileSpace } from '#lib/kernel/reconcile/reconcile-space.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { compareFences } from '#lib/kube/fences/compare-fences.ts'
import { pluginProofs } from '#lib/kube/fences/fence-proofs.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { readShippedFences, type ShippedFence } from '#lib/kube/fences/shipped-fences.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { checkFences } from './check-fences.ts'
import { checkReadiness } from './check-readiness.ts'

/** On its own control plane, because the tests remove its fences. */
let own: OwnCluster
let fixture: BrokerFixture
let clusters: Clusters
let databaseUrl: string
let shipped: ShippedFence[]
const opened: { close(): Promise<void> }[] = []

beforeAll(async () => {
  databaseUrl = (await ownDatabase()).databaseUrls.gateway
  ;[own, fixture, shipped] = await Promise.all([openOwnCluster(), openBrokerFixture(), readShippedFences()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  opened.push(clusters, fixture, own)
})
afterAll(async () => {
  for (const part of opened) await part.close()
})

const policySchema = z.looseObject({
  validations: z.array(z.looseObject({ expression: z.string(), message: z.string() })),
})
const policies = () => shipped.filter(({ kind }) => kind === 'ValidatingAdmissionPolicy')
const bindings = () => shipped.filter(({ kind }) => kind === 'ValidatingAdmissionPolicyBinding')
const put = (fence: ShippedFence, spec: Record<string, unknown> = fence.spec) =>
  applyAs('spaceport-install', own.admin, { ...fence, spec } as Manifest)
const sorted = (faults: readonly FenceFault[]) => faults.map(({ policy, fault }) => `${policy}: ${fault}`).sort()
const soon = { timeout: 30_000, interval: 50 }
const inForce = () => vi.waitFor(async () => expect(await listFenceFaults(own.broker)).toEqual([]), soon)

test('a missing sentence is reported, and no other', { timeout: 180_000 }, async () => {
  await inForce()
  const all = policies().map((policy) => ({ policy, spec: policySchema.parse(policy.spec) }))
  const most = Math.max(...all.map(({ spec }) => spec.validations.length))
  // One of each policy at a time, because policies take effect independently.
  for (let at = 0; at < most; at++) {
    const missing: FenceFault[] = []
    for (const { policy, spec } of all) {
      const validations = spec.validations.map((one, i) => (i === at ? { ...one, expression: 'true' } : one))
      await put(policy, { ...spec, validations })
      const sentence = spec.validations[at]
      if (sentence) missing.push({ policy: policy.metadata.name, fault: `not enforced: ${sentence.message}` })
    }
    await vi.waitFor(async () => expect(sorted(await listFenceFaults(own.broker))).toEqual(sorted(missing)), soon)
  }
  for (const policy of policies()) await put(policy)
  await inForce()
})

test('a policy without its binding is reported missing as a whole', async () => {
  for (const { apiVersion, kind, metadata } of bindings())
    await deleteObject(own.admin, { apiVersion, kind, name: metadata.name })
  await vi.waitFor(async () => {
    const missing = new Set((await listFenceFaults(own.broker)).map(({ policy }) => policy))
    expect([...missing].sort()).toEqual(
      policies()
        .map(({ metadata }) => metadata.name)
        .sort(),
    )
  }, soon)
  expect(await compareFences(own.broker)).toEqual(
    bindings().map(({ metadata }) => ({ policy: metadata.name, fault: 'its binding is not installed' })),
  )
  for (const binding of bindings()) await put(binding)
  await inForce()
  expect(await compareFences(own.broker)).toEqual([])
})

test('a narrowed fence is found by comparison although its proofs are still refused', async () => {
  const selector = { matchExpressions: [{ key: 'exempt', operator: 'DoesNotExist' }] }
  const [policy] = policies().filter(({ metadata }) => metadata.name === 'spaceport-reach')
  const [ofPods] = policies().filter(({ metadata }) => metadata.name === 'spaceport-pods')
  const [binding] = bindings().filter(({ metadata }) => metadata.name === 'spaceport-managed')
  if (!policy || !ofPods || !binding) throw new Error('there are no such fences')
  await put(binding, { ...binding.spec, matchResources: { namespaceSelector: selector } })
  await put(policy, { ...policy.spec, matchConditions: [{ name: 'some', expression: `request.name != 'secret'` }] })
  // No dry run covers changes to a pod, because there is no pod to change.
  const onlyNewPods = [{ apiGroups: [''], apiVersions: ['*'], operations: ['CREATE'], resources: ['pods'] }]
  const { matchConstraints } = z.looseObject({ matchConstraints: z.looseObject({}) }).parse(ofPods.spec)
  await put(ofPods, { ...ofPods.spec, matchConstraints: { ...matchConstraints, resourceRules: onlyNewPods } })
  expect(await compareFences(own.broker)).toEqual([
    { policy: 'spaceport-managed', fault: 'its binding differs from what this version ships' },
    { policy: 'spaceport-reach', fault: 'it differs from what this version ships' },
    { policy: 'spaceport-pods', fault: 'it differs from what this version ships' },
  ])
  expect(await listFenceFaults(own.broker)).toEqual([])
  for (const fence of [policy, ofPods, binding]) {
    await deleteObject(own.admin, { ...fence, name: fence.metadata.name })
    await put(fence)
  }
  await inForce()
  expect(await compareFences(own.broker)).toEqual([])
})

test('missing fences are reported to the gateways, the trail and the metrics; no new person is bound until they are back', async () => {
  const notified: string[] = []
  const ready = Promise.withResolvers<void>()
  const listening = listen({
    process: 'gateway',
    databaseUrl,
    applicationName: 'test',
    channels: ['spaceport_access'],
    onMessage: (_channel, payload) => notified.push(payload.split(':')[0] ?? ''),
    onConnected: ready.resolve,
  })
  opened.unshift(listening)
  await ready.promise
  const system = fixture.system({ clusters })
  const ofClusters = () => notified.filter((kind) => kind === 'cluster').length
  const trail = async () =>
    (
      await fixture.owner.query(
        `SELECT action FROM audit_event WHERE intent_id IS NULL AND action LIKE 'cluster.%' ORDER BY seq`,
      )
    ).rows.map(({ action }) => action)

  expect(await checkFences(system, 'default')).toEqual([])
  expect(ofClusters()).toBe(0)
  const [binding] = bindings().filter(({ metadata }) => metadata.name === 'spaceport-reach')
  if (!binding) throw new Error('there is no such fence')
  await deleteObject(own.admin, { ...binding, name: binding.metadata.name })
  // Two workers find it at the same time; it is reported once.
  const found = await Promise.all([checkFences(system, 'default'), checkFences(system, 'default')])
  for (const faults of found) expect(new Set(faults.map(({ policy }) => policy))).toEqual(new Set(['spaceport-reach']))
  await vi.waitFor(() => expect(ofClusters()).toBe(1), soon)
  expect(await trail()).toEqual(['cluster.fences-lost'])
  expect(await metrics().registry.metrics()).toContain(
    'spaceport_fence_in_force{cluster="default",policy="spaceport-reach"} 0',
  )

  // Invalidates the proof that this process made a moment ago.
  await put(binding)
  await inForce()
  const owner = await fixture.person('early')
  const name = uniqueName('early')
  const ctx = fixture.as(owner, { clusters })
  await createSpace(ctx, { name, description: '', size: 'S', endsAt: null })
  expect(await readSpace(ctx, { name })).toMatchObject({ failure: { code: 'fences_missing' }, fencesHold: false })
  const missing = { ready: true, parts: { 'fences/default': 'not in force: spaceport-reach' } }
  await expect.poll(() => checkReadiness(system)).toMatchObject(missing)
  const bound = async () => (await listManaged(own.broker, name)).filter(({ kind }) => kind === 'RoleBinding').length
  expect(await bound()).toBe(0)

  expect(await checkFences(system, 'default')).toEqual([])
  await vi.waitFor(() => expect(ofClusters()).toBe(2), soon)
  expect(await trail()).toEqual(['cluster.fences-lost', 'cluster.fences-restored'])
  expect(await metrics().registry.metrics()).toContain(
    'spaceport_fence_in_force{cluster="default",policy="spaceport-reach"} 1',
  )
  const { id } = await readSpace(ctx, { name })
  await reconcileSpace(system, id)
  expect(await readSpace(ctx, { name })).toMatchObject({ status: 'ready', failure: null, fencesHold: true })
  await expect.poll(() => checkReadiness(system)).toMatchObject({ ready: true, parts: { 'fences/default': 'ok' } })
  expect(await bound()).toBe(1)
})

test('an unreachable cluster keeps its last known state, and readiness shows since when', async () => {
  const [known] = await fixture.services.db.cluster.findMany({ where: { name: 'default' } })
  const dead = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  const cluster = { ...dead.get('default'), serverUrl: 'https://127.0.0.1:1' }
  const system = fixture.system({ clusters: { ...dead, get: () => cluster } })
  await expect(checkFences(system, 'default')).rejects.toMatchObject({ code: 'cluster_unreachable' })
  expect(await fixture.services.db.cluster.findMany({ where: { name: 'default' } })).toEqual([known])
  const later = () => new Date(Date.now() + 10 * 60_000)
  const fences = async () => (await checkReadiness({ ...system, clock: later })).parts['fences/default']
  await expect.poll(fences).toContain(`not proved since ${known?.fencesProvedAt?.toISOString()}`)
  await dead.close()
})

test('a cluster without Pod Security or quotas, or with an old version, is named with the reason', async () => {
  const path = `/api/v1/namespaces/${proofNamespace}`
  const quota = await request(own.admin, { method: 'GET', path: `${path}/resourcequotas/nothing` }, z.looseObject({}))
  const setLevel = (level: string) =>
    request(
      own.admin,
      {
        method: 'PATCH',
        path,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': level } } },
      },
      z.unknown(),
    )
  const system = fixture.system({ clusters })
  const fences = async () => (await checkReadiness(system)).parts['fences/default']
  await deleteObject(own.admin, { apiVersion: 'v1', kind: 'ResourceQuota', namespace: proofNamespace, name: 'nothing' })
  await setLevel('privileged')
  const lacking = pluginProofs.map(({ policy, sentence }) => ({ policy, fault: `not enforced: ${sentence}` }))
  await vi.waitFor(
    async () => expect(await checkFences(system, 'default')).toEqual(expect.arrayContaining(lacking)),
    soon,
  )
  for (const { policy, fault } of lacking) await expect.poll(fences).toContain(`; ${policy}: ${fault}`)

  await setLevel('baseline')
  const { metadata: _, ...rest } = quota
  await applyAs('spaceport-install', own.admin, {
    ...rest,
    metadata: { name: 'nothing', namespace: proofNamespace },
  } as Manifest)
  await inForce()
  const old = await startApiServerProxy(own.brokerKubeconfig, {
    instead(request, response) {
      if (request.url !== '/version') return false
      response.end(JSON.stringify({ gitVersion: 'v1.30.9' }))
      return true
    },
  })
  opened.unshift(old)
  expect(await checkFences(fixture.system({ clusters: old.clusters }), 'default')).toEqual(listVersionFaults('v1.30.9'))
  await expect.poll(fences).toBe('Kubernetes: v1.30.9 is older than 1.31, which the admission policies need')
  expect(await checkFences(system, 'default')).toEqual([])
})
