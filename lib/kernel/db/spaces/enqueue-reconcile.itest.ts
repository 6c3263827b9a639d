import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import { readClusterId } from './clusters.ts'
import { enqueueReconcile, enqueueRetry, requestReconcile } from './enqueue-reconcile.ts'
import { saveReady } from './save-observed.ts'
import { enqueueWaiting, isAwaited } from './waiting-spaces.ts'

/** In a database without a worker. */
let fixture: BrokerFixture
let db: Db
let clusterId: string
let spaceId: string

beforeAll(async () => {
  fixture = await openBrokerFixture()
  db = fixture.system().db
  clusterId = await readClusterId(db, 'default')
})
afterAll(() => fixture?.close())
beforeEach(async () => {
  spaceId = await addSpace()
})

async function addSpace(failureCode: string | null = null): Promise<string> {
  const owner = await fixture.person('queued')
  const [id, name] = [randomUUID(), uniqueName('queued')]
  const { userId: ownerId } = owner
  const row = { id, clusterId, name, namespace: name, creation: randomUUID(), size: 'S' as const, ownerId, failureCode }
  await fixture.services.db.space.create({ data: row })
  return id
}

/** Rounded to five seconds, because some time passes before they are read. */
async function jobs(id = spaceId): Promise<{ seconds: number; failures: number; cluster: string }[]> {
  const { rows } = await fixture.owner.query(
    `SELECT (ceil(extract(epoch FROM run_at - now()) / 5) * 5)::int AS seconds, coalesce((payload->>'failures')::int, 0) AS failures,
       (SELECT string_agg(flag, ',') FROM jsonb_object_keys(flags) AS flag) AS cluster
     FROM graphile_worker._private_jobs WHERE key = $1`,
    [`reconcile-space:${id}`],
  )
  return rows
}

test('a job names its cluster, and a space has only one', async () => {
  await enqueueReconcile(db, spaceId, 60)
  await enqueueReconcile(db, spaceId, 30)
  expect(await jobs()).toEqual([{ seconds: 30, failures: 0, cluster: `cluster:${clusterId}` }])
})

test('a space in its desired state has no job left, unless it was changed in the meantime or the worker runs the job', async () => {
  const save = (generation: number) =>
    saveReady(db, spaceId, { generation, namespaceUid: randomUUID(), steps: [], at: new Date() })
  await enqueueReconcile(db, spaceId)
  await save(1)
  expect(await jobs()).toEqual([])

  await fixture.services.db.$transaction((tx) => requestReconcile(tx, spaceId))
  await save(1)
  expect(await jobs()).toHaveLength(1)

  await fixture.owner.query(`UPDATE graphile_worker._private_jobs SET locked_at = now() WHERE key = $1`, [
    `reconcile-space:${spaceId}`,
  ])
  await save(2)
  expect(await jobs()).toHaveLength(1)
})

test('a failed reconcile is delayed; a change brings it forward and resets the count of failures', async () => {
  await enqueueRetry(db, spaceId, { failures: 6, afterSeconds: 150 })
  expect(await jobs()).toEqual([{ seconds: 150, failures: 6, cluster: `cluster:${clusterId}` }])
  await fixture.services.db.$transaction((tx) => requestReconcile(tx, spaceId))
  expect(await jobs()).toEqual([{ seconds: 5, failures: 0, cluster: `cluster:${clusterId}` }])
})

test('a job queued during a failing reconcile isn’t delayed by the failure', async () => {
  await enqueueReconcile(db, spaceId, 5)
  await enqueueRetry(db, spaceId, { failures: 6, afterSeconds: 150 })
  expect(await jobs()).toEqual([{ seconds: 5, failures: 0, cluster: `cluster:${clusterId}` }])
})

test('once a cluster answers, only the spaces that waited for it are due', async () => {
  await fixture.services.db.space.updateMany({ data: { failureCode: null } })
  expect(await isAwaited(db, 'default')).toBe(false)
  const [away, taken] = [await addSpace('cluster_unreachable'), await addSpace('namespace_taken')]
  for (const id of [away, taken]) await enqueueRetry(db, id, { failures: 6, afterSeconds: 150 })
  expect(await isAwaited(db, 'default')).toBe(true)
  expect(await isAwaited(db, 'another')).toBe(false)
  expect(await enqueueWaiting(db, 'default')).toBe(1)
  expect(await jobs(away)).toMatchObject([{ seconds: 0, failures: 0 }])
  expect(await jobs(taken)).toMatchObject([{ seconds: 150, failures: 6 }])
})
