import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { openOwnCluster } from '#dev/testing/cluster/own-cluster.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { clockAt, makeOwnedSpace, readSamples, untilSampled } from '#dev/testing/fixtures/usage-scene.ts'
import { refreshUsageInTurn } from '#lib/kernel/reconcile/refresh-usage.ts'
import { request } from '#lib/kube/client/request.ts'
import { sumPodUse } from '#lib/kube/inside/pod-use.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { readSpaceInside } from './read-space-inside.ts'
import { readUsageHistory } from './read-usage-history.ts'

let fixture: BrokerFixture
beforeAll(async () => {
  fixture = await openBrokerFixture()
})
afterAll(() => fixture.close())

test('a sample has the pods’ real usage from metrics-server, and members read it', async () => {
  const { owner, id, name } = await makeOwnedSpace(fixture)
  const space = { name }
  const { rows } = await fixture.owner.query('SELECT namespace FROM space WHERE id = $1', [id])
  const namespace = String(rows[0].namespace)
  const annotations = { 'kwok.x-k8s.io/usage-cpu': '300m', 'kwok.x-k8s.io/usage-memory': '64Mi' }
  const body = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'busy', annotations },
    spec: { containers: [{ name: 'c', image: 'i' }] },
  }
  const path = `/api/v1/namespaces/${namespace}/pods`
  const cluster = fixture.services.clusters.get('default')
  const make = () => request(cluster, { method: 'POST', path, body, as: owner }, z.unknown())
  await vi.waitFor(make, { timeout: 30_000, interval: 250 })
  const now = fixture.services.clock()
  // A pod is measured after two readings, ten seconds apart.
  let looks = 0
  // Each is later than the pause after a failure.
  const inUse = async () => {
    const later = new Date(now.getTime() + 240_000 * ++looks)
    return await (await readSpaceInside(fixture.as(owner, clockAt(later)), space)).inUse
  }
  await expect.poll(async () => (await inUse())?.size, { timeout: 60_000, interval: 1_000 }).toBe(1)
  // A sample without usage stays as it is if metrics-server answered late; the next one counts.
  let at = now
  const last = (resource: string, of: Awaited<ReturnType<typeof readUsageHistory>>['resources']) =>
    of.find((one) => one.resource === resource)?.used.at(-1)
  const resources = await vi.waitFor(async () => {
    at = new Date(at.getTime() + 600_000)
    await untilSampled(fixture, refreshUsageInTurn(), id, at)
    const history = await readUsageHistory(fixture.as(owner, clockAt(at)), { space, range: 'day' })
    expect(last('use.cpu', history.resources)).toBeCloseTo(0.3, 1)
    return history.resources
  }, 60_000)
  expect(last('use.memory', resources)).toBe(64 * 2 ** 20)
  expect(last('requests.cpu', resources), 'which is not what it requests').toBeLessThan(0.2)
})

test('a cluster without metrics-server is sampled by quota only', async () => {
  const own = await openOwnCluster()
  const { clusters } = fixture.services
  try {
    const path = '/apis/apiregistration.k8s.io/v1/apiservices/v1beta1.metrics.k8s.io'
    await request(own.admin, { method: 'DELETE', path }, z.unknown())
    const gone = () => sumPodUse(own.broker, []).catch((error) => error.code)
    await expect.poll(gone, { timeout: 30_000 }).toBe('not_found')
    const { id } = await makeOwnedSpace(fixture)
    const { rows } = await fixture.owner.query('SELECT * FROM space WHERE id = $1', [id])
    await applyObject(own.admin, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: rows[0].namespace } })
    const labels = { 'spaceport.dev/managed-by': 'spaceport', 'spaceport.dev/space-id': id }
    const metadata = { name: 'spaceport', namespace: rows[0].namespace, labels }
    const hard = { 'requests.cpu': '2', 'requests.memory': '4Gi' }
    await applyObject(own.admin, { apiVersion: 'v1', kind: 'ResourceQuota', metadata, spec: { hard } })
    const unmeasured = { ...clusters, get: () => own.broker }
    const refresh = refreshUsageInTurn()
    const sample = async () => {
      await refresh(fixture.system({ clusters: unmeasured }), 'default')
      return await readSamples(fixture, id)
    }
    await expect.poll(sample, { timeout: 30_000 }).toMatchObject([{ used: [0, null, 0, null, null, null, null, null] }])
  } finally {
    await own.close()
  }
}, 400_000)
