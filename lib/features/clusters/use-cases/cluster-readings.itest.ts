import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { applyAs } from '#dev/cluster/apply-as.ts'
import { readManifests } from '#dev/cluster/install.ts'
import { type OwnCluster, openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { openClustersSideBySide } from '#dev/testing/fixtures/clusters-side-by-side.ts'
import { maxLatencies } from '#lib/features/clusters/model/contact.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { checkRights } from './check-rights.ts'
import { contactInTurn } from './contact-in-turn.ts'
import { listClusters } from './list-clusters.ts'
import { readNodesInTurn } from './read-nodes-in-turn.ts'

/** On its own control plane, because nodes are shared. */
let own: OwnCluster
let fixture: BrokerFixture
let clusters: Clusters
let admin: Actor
const opened: { close(): Promise<void> }[] = []
beforeAll(async () => {
  ;[own, fixture] = await Promise.all([openOwnCluster(), openBrokerFixture()])
  clusters = connectClusters({ kubeconfig: own.brokerKubeconfig, clusters: [] })
  opened.push(clusters, fixture, own)
  await fixture.forgetProof()
  admin = await fixture.person('clusters', { platformRole: 'admin' })
})
afterAll(async () => {
  for (const part of opened) await part.close()
})

const system = () => fixture.system({ clusters })
async function listed(name = 'default', changed: { clock?: () => Date } = {}) {
  const found = (await listClusters(fixture.as(admin, { clusters, ...changed }))).find((view) => view.name === name)
  if (!found) throw new Error(`${name} is not listed`)
  return found
}
const anything = z.unknown()
const nodes = '/api/v1/nodes'

const addNode = (name: string, spec: object) =>
  request(
    own.admin,
    { method: 'POST', path: nodes, body: { apiVersion: 'v1', kind: 'Node', metadata: { name }, spec } },
    anything,
  )

/** kwok, which plays the kubelet, overwrites the status once, soon after a node is created. */
const setAllocatable = (name: string, allocatable: object) =>
  request(
    own.admin,
    {
      method: 'PATCH',
      path: `${nodes}/${name}/status`,
      contentType: 'application/merge-patch+json',
      body: { status: { allocatable, conditions: [{ type: 'Ready', status: 'True', reason: 'x', message: 'x' }] } },
    },
    anything,
  )

test('before the first worker has run, nothing is known or invented', async () => {
  const view = await listed()
  expect(view).toMatchObject({
    isDefault: true,
    isConfigured: true,
    contact: { state: 'never', latency: null },
    version: null,
    fences: { state: 'unproved' },
    exempt: null,
    drift: { checkedAt: null, repairs: 0, lastAt: null },
    spaces: { total: 0 },
    capacity: { nodes: null, readAt: null, refusedAt: null, requested: null, used: null },
  })
})

test('node capacity is added up; invalid nodes are counted but left out; only sums are stored', async () => {
  await readNodesInTurn()(system(), 'default')
  const before = (await listed()).capacity.nodes
  expect(before).toMatchObject({ nodes: 1, notReady: 0, cordoned: 0, tainted: 0, unbelievable: 0 })

  const ordinary = { cpu: '8', memory: '16Gi', pods: '110' }
  const taint = (effect: string) => ({ taints: [{ key: 'dedicated', effect }] })
  const odd: Record<string, [spec: object, allocatable: object]> = {
    ordinary: [{}, ordinary],
    cordoned: [{ unschedulable: true }, ordinary],
    tainted: [taint('NoSchedule'), ordinary],
    preferring: [taint('PreferNoSchedule'), ordinary],
    boasting: [{}, { ...ordinary, cpu: '1e30' }],
    silent: [{}, { cpu: null, memory: null, pods: null }],
  }
  for (const [name, [spec]] of Object.entries(odd)) await addNode(name, spec)
  await expect
    .poll(
      async () => {
        for (const [name, [, allocatable]] of Object.entries(odd)) await setAllocatable(name, allocatable)
        await readNodesInTurn()(system(), 'default')
        return (await listed()).capacity.nodes
      },
      { timeout: 60_000 },
    )
    .toEqual({
      ...before,
      nodes: 7,
      cordoned: 1,
      tainted: 1,
      unbelievable: 2,
      cpu: (before?.cpu ?? 0) + 16,
      memory: (before?.memory ?? 0) + 2 * 16 * 2 ** 30,
      pods: (before?.pods ?? 0) + 2 * 110,
    })
  const { rows } = await fixture.owner.query('SELECT nodes::text FROM cluster_reading')
  expect(rows[0].nodes).not.toMatch(/boasting|dedicated|kubernetes\.io/)
})

test('a broker that may not list nodes records that, keeps the last totals, and notices when it may again', async () => {
  let known = (await listed()).capacity
  const role = (await readManifests()).find(({ metadata }) => metadata.name === 'spaceport:broker')
  if (!role) throw new Error('there is no such role')
  const rules = z.array(z.looseObject({ resources: z.array(z.string()) })).parse(role.rules)
  const install = (left: object) => applyAs('spaceport-install', own.admin, { ...role, ...left })
  const read = readNodesInTurn()
  await install({ rules: rules.filter(({ resources }) => !resources.includes('nodes')) })
  const refused = async () => {
    await readNodesInTurn()(system(), 'default')
    const { capacity } = await listed()
    // The API server may go on allowing it for a moment.
    if (capacity.refusedAt === null) known = capacity
    return capacity.refusedAt !== null
  }
  await expect.poll(refused, { timeout: 60_000 }).toBe(true)
  await read(system(), 'default')
  const since = (await listed()).capacity
  expect(since).toMatchObject({ nodes: known.nodes, readAt: known.readAt })
  await install({})
  await expect
    .poll(
      async () => {
        await read(system(), 'default')
        return (await listed()).capacity.refusedAt
      },
      { timeout: 60_000 },
    )
    .toBeNull()
})

test('recent contacts are stored with version and latency', async () => {
  const contact = contactInTurn()
  await contact(system(), 'default')
  const view = await listed()
  expect(view.version).toMatchObject({ text: expect.stringMatching(/^v1\.\d+\./), state: 'supported' })
  expect(view.contact).toMatchObject({ state: 'answers', failingSince: null, failure: null })
  expect(view.contact.latency?.median).toBeGreaterThan(0)
  for (let n = 0; n < maxLatencies + 5; n++) await contactInTurn()(system(), 'default')
  const { rows } = await fixture.owner.query('SELECT cardinality(latencies) AS kept FROM cluster_reading')
  expect(rows).toEqual([{ kept: maxLatencies }])
  const later = () => new Date(Date.now() + 4 * 60_000)
  expect((await listed('default', { clock: later })).contact.state).toBe('silent')
})

test('a cluster that stops answering shows that at once, with the time and reason, until it answers again', async () => {
  const both = await openClustersSideBySide()
  const two = connectClusters({ kubeconfig: both.kubeconfig, clusters: both.clusters })
  try {
    for (const name of ['steady', 'shaky'])
      await fixture.owner.query('INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), $1)', [name])
    const ctx = fixture.system({ clusters: two })
    const view = async () => {
      const views = await listClusters(fixture.as(admin, { clusters: two }))
      expect(views.map(({ name }) => name)).toEqual(['steady', 'shaky'])
      return views[1]?.contact
    }
    const contact = contactInTurn()
    await contact(ctx, 'shaky')
    expect(await view()).toMatchObject({ state: 'answers' })
    both.network.break()
    await expect(contact(ctx, 'shaky')).rejects.toMatchObject({ code: 'cluster_unreachable' })
    const first = await view()
    expect(first).toMatchObject({ state: 'fails', failure: 'connection', answeredAt: expect.any(Date) })
    await expect(contact(ctx, 'shaky')).rejects.toMatchObject({ code: 'cluster_unreachable' })
    expect((await view())?.failingSince).toEqual(first?.failingSince)
    both.network.mend()
    await contact(ctx, 'shaky')
    expect(await view()).toMatchObject({ state: 'answers', failure: null, failingSince: null })
  } finally {
    both.network.mend()
    await two.close()
    await both.close()
  }
})

test('a platform admin sees exempt subjects, drift and promised capacity', async () => {
  const owner = await fixture.person('owner')
  const as = fixture.as(owner, { clusters })
  await createSpace(as, { name: 'promised', description: '', size: 'M', endsAt: null })
  const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' }
  await applyAs('somebody', own.admin, {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: 'exempting' },
    roleRef,
    subjects: [{ kind: 'ServiceAccount', namespace: 'argocd', name: 'sync' }],
  })
  await expect
    .poll(
      async () => {
        await checkRights(system(), 'default')
        return (await listed()).exempt?.shown
      },
      { timeout: 60_000 },
    )
    .toContain('ServiceAccount argocd/sync')
  const { exempt } = await listed()
  expect(exempt?.count).toBe(exempt?.shown.length)

  const at = Date.now()
  await checkAllForDrift(system(), 'default')
  expect((await listed()).drift).toMatchObject({ repairs: 0, checkedAt: expect.any(Date) })
  await deleteObject(own.admin, { apiVersion: 'v1', kind: 'LimitRange', namespace: 'promised', name: 'spaceport' })
  await expect.poll(() => checkAllForDrift(system(), 'default'), { timeout: 60_000 }).toBe(1)
  const view = await listed()
  expect(view.drift.repairs).toBe(1)
  expect(view.drift.lastAt?.getTime()).toBeGreaterThanOrEqual(at)
  expect(view.spaces).toEqual({ total: 1, byStatus: { ready: 1 } })
  expect(view.capacity.promised.requests).toEqual({ cpu: 4, memory: 16 * 2 ** 30, pods: 50 })
  const tomorrow = () => new Date(Date.now() + 25 * 3_600_000)
  expect((await listed('default', { clock: tomorrow })).drift.repairs).toBe(0)
})

test('a cluster that is no longer configured is listed last while it has spaces', async () => {
  const id = randomUUID()
  await fixture.owner.query(`INSERT INTO cluster (id, name) VALUES ($1, 'a-former-one')`, [id])
  const names = async () => (await listClusters(fixture.as(admin, { clusters }))).map(({ name }) => name)
  expect(await names()).not.toContain('a-former-one')
  await fixture.owner.query(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
     VALUES (gen_random_uuid(), $1, 'stranded', 'stranded', 'x', 'S', $2, 'failed')`,
    [id, admin.userId],
  )
  expect(await names()).toEqual(['default', 'a-former-one'])
  expect(await listed('a-former-one')).toMatchObject({
    isConfigured: false,
    isDefault: false,
    spaces: { total: 1, byStatus: { failed: 1 } },
    contact: { state: 'never' },
  })
})

test('auditors, members, and admins without an active role see no clusters', async () => {
  for (const platformRole of ['auditor', 'member'] as const) {
    const actor = await fixture.person(platformRole, { platformRole })
    await expect(listClusters(fixture.as(actor, { clusters }))).rejects.toMatchObject({ code: 'forbidden' })
    const eligible = { ...actor, platformRole, isEligible: true }
    await expect(listClusters(fixture.as(eligible, { clusters }))).rejects.toMatchObject({ code: 'forbidden' })
  }
})
