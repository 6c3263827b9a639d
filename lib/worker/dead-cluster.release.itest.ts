import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { fastestOfThree } from '#dev/testing/fastest-of-three.ts'
import { type BrokerFixture, openBrokerFixture, type TestContext } from '#dev/testing/fixtures/broker-fixture.ts'
import { openClustersSideBySide } from '#dev/testing/fixtures/clusters-side-by-side.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { untraced } from '#dev/testing/untraced.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { enqueueReconcile, requestReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import type { Actor } from '#lib/kernel/model/people/person.ts'
import { type Clusters, connectClusters } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'
import { startWorker } from './start-worker.ts'

/** A worker for two clusters, one of which accepts every connection and never answers. */
let fixture: BrokerFixture
let both: Awaited<ReturnType<typeof openClustersSideBySide>>
let clusters: Clusters
let worker: { stop(): Promise<void> }

beforeAll(async () => {
  both = await openClustersSideBySide()
  fixture = await openBrokerFixture()
  clusters = connectClusters({ kubeconfig: both.kubeconfig, clusters: both.clusters })
  worker = await startWorker({
    DATABASE_URL: (await ownDatabase()).databaseUrls.worker,
    DATABASE_DIRECT_URL: '',
    DATABASE_CONNECTIONS: 4,
    DATABASE_LOCK_CONNECTIONS: 4,
    KUBECONFIG: both.kubeconfig,
    SPACEPORT_CLUSTERS: both.clusters,
    SPACEPORT_URL: 'https://spaceport.test',
    SPACEPORT_WEBHOOK_SECRET: '',
    SPACEPORT_WEBHOOK_ALLOWED_HOSTS: [],
    SMTP_URL: '',
    SMTP_FROM: '',
    SPACEPORT_TRAIL_WEBHOOK_URL: '',
    SPACEPORT_TRAIL_WEBHOOK_TOKEN: '',
    SPACEPORT_TRAIL_WEBHOOK_SECRET: '',
    SPACEPORT_TRAIL_WEBHOOK_CA: '',
    SPACEPORT_TRAIL_SYSLOG_URL: '',
    SPACEPORT_TRAIL_SYSLOG_CA: '',
    SPACEPORT_TRAIL_SYSLOG_CERT: '',
    SPACEPORT_TRAIL_SYSLOG_KEY: '',
    SPACEPORT_SPACE_LIMIT: 5,
    SPACEPORT_MAX_SIZE: 'M',
    SPACEPORT_NAMESPACE_PREFIX: '',
    SPACEPORT_RESERVED_NAMES: [],
    SPACEPORT_NAME_RESERVED_DAYS: 30,
    SPACEPORT_DENIED_CIDRS: [],
    SPACEPORT_DNS_PEERS: [],
    SPACEPORT_INGRESS_SUFFIXES: [],
    SPACEPORT_PLATFORM_NAMESPACES: [],
    SPACEPORT_GIT_IDENTITIES: [],
    SPACEPORT_PUSHED_PRIVILEGED_GROUPS: [],
    LOG_LEVEL: 'fatal',
    ...untraced,
    WORKER_LISTEN: '',
    WORKER_AUDIT_LISTEN: '',
    WORKER_AUDIT_TLS_CERT: '',
    WORKER_AUDIT_TLS_KEY: '',
    WORKER_AUDIT_CONTROLLERS: [],
    SPACEPORT_CHECKPOINT_KEY: '',
  })
})
afterAll(async () => {
  both.network.mend()
  await worker?.stop()
  await clusters?.close()
  await fixture?.close()
  await both?.close()
})

/** People wait for a cluster no longer than in the portal. */
const as = (actor: Actor): TestContext => fixture.as(actor, { clusters, patienceMs: 1_500 })
const plain = { description: '', size: 'S' as const, endsAt: null }
const bindings = async (namespace: string) =>
  (await listManaged(clusters.get('steady'), namespace)).filter(({ kind }) => kind === 'RoleBinding')
/** @returns milliseconds until a binding of the namespace contains a name */
async function timeUntilBound(namespace: string, name: string): Promise<number> {
  const began = performance.now()
  const seconds = { timeout: 60_000, interval: 100 }
  await vi.waitFor(async () => expect(JSON.stringify(await bindings(namespace))).toContain(name), seconds)
  return performance.now() - began
}

/** Rows and jobs of a process that created many spaces and then died. */
async function leaveSpaces(owner: Actor, cluster: string, count: number): Promise<string[]> {
  const clusterId = await readClusterId(fixture.services.db, cluster)
  const rows = Array.from({ length: count }, () => {
    const [id, name] = [randomUUID(), uniqueName('many')]
    return { id, clusterId, name, namespace: name, creation: randomUUID(), size: 'S' as const, ownerId: owner.userId }
  })
  await fixture.services.db.space.createMany({ data: rows })
  for (const { id } of rows) await enqueueReconcile(fixture.services.db, id, 0)
  return rows.map(({ id }) => id)
}

/** The row of a process that granted a role and died before it reached the cluster. */
async function leaveGrant(spaceId: string, userId: string): Promise<void> {
  await fixture.services.db.$transaction(async (tx) => {
    const at = new Date()
    await tx.grant.create({ data: { id: randomUUID(), spaceId, userId, role: 'viewer', startsAt: at } })
    await requestReconcile(tx, spaceId, 0)
  })
}

/** The running jobs of the hanging cluster's spaces, without those put back at once, and all jobs ever added. */
const queue = async (): Promise<{ held: number; made: number }> => {
  const { rows } = await fixture.owner.query(
    `SELECT count(*) FILTER (WHERE locked_at < now() - interval '4 seconds' AND key IN (
         SELECT 'reconcile-space:' || s.id FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE c.name = 'shaky'))::int AS held,
       pg_sequence_last_value(pg_get_serial_sequence('graphile_worker._private_jobs', 'id')::regclass)::int AS made FROM graphile_worker.jobs`,
  )
  return rows[0]
}

/** Why each cluster couldn't be reached the last time. */
async function failures(): Promise<Record<string, string | null>> {
  const { rows } = await fixture.owner.query(
    'SELECT c.name, r.failure FROM cluster c JOIN cluster_reading r ON r.cluster_id = c.id',
  )
  return Object.fromEntries(rows.map(({ name, failure }) => [name, failure]))
}

test('a hanging cluster delays no other cluster’s spaces, and its own are ready soon after it recovers', {
  timeout: 400_000,
}, async () => {
  const owner = await fixture.person('steady')
  const name = uniqueName('steady')
  const { space } = await createSpace(fixture.as(owner, { clusters }), { ...plain, name, cluster: 'steady' })
  const ready = await fixture.services.db.space.findFirstOrThrow({ where: { name: space.name } })

  both.network.silence()
  const many = await fixture.person('many')
  const waiting: string[] = []
  /** Failed ones are retried less and less often. */
  const keepBusy = async () => {
    waiting.push(...(await leaveSpaces(many, 'shaky', 24)))
    await vi.waitFor(async () => expect((await queue()).held).toBeGreaterThanOrEqual(2), 30_000)
  }

  // A call to the hanging cluster is abandoned after ten seconds.
  const soonMs = 8_000
  // Only the queue brings it to the cluster.
  const give = async () => {
    await keepBusy()
    const guest = await fixture.person('guest')
    await leaveGrant(ready.id, guest.userId)
    return await timeUntilBound(name, guest.handle)
  }
  expect(await fastestOfThree(soonMs, give)).toBeLessThan(soonMs)

  // Drift: noticed by the watch, repaired under the space's lock.
  const drift = async () => {
    await keepBusy()
    await deleteObject(clusters.get('steady'), {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      namespace: name,
      name: 'spaceport:viewer',
    })
    return await timeUntilBound(name, 'spaceport:viewer')
  }
  expect(await fastestOfThree(soonMs, drift)).toBeLessThan(soonMs)

  const asking = await Promise.all(Array.from({ length: 12 }, () => fixture.person('asks')))
  const asked = await Promise.all(
    asking.map((person) => createSpace(as(person), { ...plain, name: uniqueName('asked'), cluster: 'shaky' })),
  )
  expect(asked.map(({ settled }) => settled)).not.toContain(true)
  const other = await fixture.person('other')
  await addGrant(as(owner), { space: { name, cluster: 'steady' }, principal: `user:${other.handle}`, role: 'editor' })
  // The process that made the change applies it: the worker's turn, some seconds later, is postponed.
  await fixture.owner.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now() + interval '3 minutes' WHERE key = $1 AND locked_at IS NULL`,
    [`reconcile-space:${ready.id}`],
  )
  expect(await timeUntilBound(name, other.handle)).toBeLessThan(30_000)

  // Jobs don't cycle, and the hanging ones never take every slot.
  const before = await queue()
  let most = 0
  for (const end = performance.now() + 8_000; performance.now() < end; ) {
    most = Math.max(most, (await queue()).held)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  expect(most).toBeLessThanOrEqual(3)
  expect((await queue()).made - before.made).toBeLessThan(60)

  await vi.waitFor(async () => expect(await failures()).toEqual({ steady: null, shaky: 'late' }), 60_000)

  // As if an hour had passed: failures are postponed for the longest interval.
  await fixture.owner.query(
    `UPDATE graphile_worker._private_jobs SET run_at = now() + interval '3 minutes'
     WHERE locked_at IS NULL AND (payload->>'failures')::int > 0`,
  )
  both.network.mend()
  const mended = performance.now()
  await vi.waitFor(
    async () => {
      const spaces = await fixture.services.db.space.findMany({ where: { id: { in: waiting } } })
      expect(spaces.filter(({ status }) => status !== 'ready').length).toBe(0)
    },
    { timeout: 120_000, interval: 200 },
  )
  expect(performance.now() - mended).toBeLessThan(90_000)
})
