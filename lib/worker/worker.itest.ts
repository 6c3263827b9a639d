import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest'
import { freePorts } from '#dev/ports/free-ports.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { type BrokerFixture, openBrokerFixture } from '#dev/testing/fixtures/broker-fixture.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { untraced } from '#dev/testing/untraced.ts'
import { addGrant } from '#lib/features/access/use-cases/add-grant.ts'
import { changeGrant } from '#lib/features/access/use-cases/change-grant.ts'
import { listGrants } from '#lib/features/access/use-cases/list-grants.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { deleteSpace } from '#lib/features/spaces/use-cases/delete-space.ts'
import { readSpace } from '#lib/features/spaces/use-cases/read-space.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { startWorker } from './start-worker.ts'

const run = promisify(execFile)
const kubectl = async (...args: string[]): Promise<string> =>
  (await run(inject('binaries').kubectl, ['--kubeconfig', inject('kubeAdmin'), ...args])).stdout.trim()

let fixture: BrokerFixture
let listen: number
const workers: { stop(): Promise<void> }[] = []

/** Two of them, as in production: each piece of work must be done once. */
beforeAll(async () => {
  fixture = await openBrokerFixture()
  const config = {
    DATABASE_URL: (await ownDatabase()).databaseUrls.worker,
    DATABASE_DIRECT_URL: '',
    DATABASE_CONNECTIONS: 4,
    DATABASE_LOCK_CONNECTIONS: 4,
    KUBECONFIG: inject('kubeBroker'),
    SPACEPORT_CLUSTERS: [],
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
    SPACEPORT_MAX_SIZE: 'M' as const,
    SPACEPORT_NAMESPACE_PREFIX: '',
    SPACEPORT_RESERVED_NAMES: [],
    SPACEPORT_NAME_RESERVED_DAYS: 30,
    SPACEPORT_DENIED_CIDRS: [],
    SPACEPORT_DNS_PEERS: [],
    SPACEPORT_INGRESS_SUFFIXES: [],
    SPACEPORT_PLATFORM_NAMESPACES: [],
    SPACEPORT_GIT_IDENTITIES: [],
    SPACEPORT_PUSHED_PRIVILEGED_GROUPS: [],
    LOG_LEVEL: 'fatal' as const,
    ...untraced,
    WORKER_LISTEN: '',
    WORKER_AUDIT_LISTEN: '',
    WORKER_AUDIT_TLS_CERT: '',
    WORKER_AUDIT_TLS_KEY: '',
    WORKER_AUDIT_CONTROLLERS: [],
    SPACEPORT_CHECKPOINT_KEY: '',
  }
  ;({ worker: listen } = await freePorts('worker'))
  workers.push(await startWorker({ ...config, WORKER_LISTEN: `127.0.0.1:${listen}` }), await startWorker(config))
})
afterAll(async () => {
  await Promise.all(workers.map((worker) => worker.stop()))
  await fixture.close()
})

const plain = { description: '', size: 'S' as const, endsAt: null }
const soon = { timeout: 100_000, interval: 100 }

// Each test has its own space and mostly waits, so they run side by side.
test.concurrent('one of several workers finishes the work of a process that died after its transaction', async () => {
  const owner = await fixture.person('left')
  const id = randomUUID()
  const name = uniqueName('left')
  const clusterId = await readClusterId(fixture.services.db, 'default')
  await fixture.services.db.space.create({
    data: { id, clusterId, name, namespace: name, creation: randomUUID(), size: 'S', ownerId: owner.userId },
  })
  await enqueueReconcile(fixture.services.db, id, 0)
  await vi.waitFor(
    async () => expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready' }),
    soon,
  )
})

test.concurrent('another worker resumes the job of a killed one, though the queue still counts it as running', async () => {
  const owner = await fixture.person('begun')
  const id = randomUUID()
  const name = uniqueName('begun')
  const clusterId = await readClusterId(fixture.services.db, 'default')
  // As the owner: no process may both create a space and change the queue.
  const client = await fixture.owner.connect()
  try {
    await client.query('BEGIN')
    await client.query(
      `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id) VALUES ($1, $2, $3, $3, 'x', 'S', $4)`,
      [id, clusterId, name, owner.userId],
    )
    await client.query('SELECT enqueue_reconcile($1, 0)', [id])
    const begun = await client.query(
      `UPDATE graphile_worker._private_jobs SET locked_at = now() - interval '2 minutes', locked_by = 'killed', attempts = 1
       WHERE key = $1`,
      [`reconcile-space:${id}`],
    )
    expect(begun.rowCount).toBe(1)
    await client.query('COMMIT')
  } finally {
    client.release()
  }
  await vi.waitFor(
    async () => expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready' }),
    soon,
  )
})

test.concurrent('drift is repaired within seconds, and recorded once', async () => {
  const owner = await fixture.person('drift')
  const name = uniqueName('drift')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  await kubectl('delete', 'rolebinding', 'spaceport:admin', '-n', name)
  await vi.waitFor(
    async () => expect(await kubectl('get', 'rolebinding', '-n', name, '-o', 'name')).toContain('spaceport:admin'),
    soon,
  )
  await vi.waitFor(
    async () =>
      expect((await fixture.trailOf(id)).filter(({ action }) => action === 'space.drift-repaired')).toEqual([
        { action: 'space.drift-repaired', outcome: 'ok', reason: null },
      ]),
    soon,
  )
})

test.concurrent('drift of a space that was locked for too long is repaired once it is free', async () => {
  const owner = await fixture.person('locked')
  const name = uniqueName('locked')
  await createSpace(fixture.as(owner), { ...plain, name })
  const { id } = await readSpace(fixture.as(owner), { name })
  const holder = await fixture.owner.connect()
  try {
    await holder.query('SELECT pg_advisory_lock(hashtextextended($1, 7))', [id])
    await kubectl('delete', 'rolebinding', 'spaceport:admin', '-n', name)
    // A check waits for fifteen seconds.
    await new Promise((done) => setTimeout(done, 17_000))
  } finally {
    holder.release(true)
  }
  await vi.waitFor(
    async () => expect(await kubectl('get', 'rolebinding', '-n', name, '-o', 'name')).toContain('spaceport:admin'),
    soon,
  )
})

test.concurrent('a namespace deleted on the cluster is created again', async () => {
  const owner = await fixture.person('lost')
  const name = uniqueName('lost')
  await createSpace(fixture.as(owner), { ...plain, name })
  const uid = () => kubectl('get', 'namespace', name, '--ignore-not-found', '-o', 'jsonpath={.metadata.uid}')
  const before = await uid()
  await kubectl('delete', 'namespace', name)
  await vi.waitFor(
    async () => expect(await readSpace(fixture.as(owner), { name })).toMatchObject({ status: 'ready', failure: null }),
    soon,
  )
  await vi.waitFor(async () => expect(await uid()).not.toBe(''), soon)
  expect(await uid()).not.toBe(before)
})

test.concurrent('an expired role is removed from the cluster automatically', async () => {
  const [owner, guest] = await Promise.all([fixture.person('host'), fixture.person('guest')])
  const name = uniqueName('guests')
  const space = { name }
  await createSpace(fixture.as(owner), { ...plain, name })
  await addGrant(fixture.as(owner), { space, principal: `user:${guest.handle}`, role: 'viewer', endsAt: null })
  expect(await kubectl('get', 'rolebinding', '-n', name, '-o', 'name')).toContain('spaceport:viewer')
  const grantId = (await listGrants(fixture.as(owner), space)).grants[0]?.id ?? ''
  const endsAt = new Date(Date.now() + 4_000)
  await changeGrant(fixture.as(owner), { space, grantId, role: 'viewer', endsAt })
  await vi.waitFor(
    async () => expect(await kubectl('get', 'rolebinding', '-n', name, '-o', 'name')).not.toContain('spaceport:viewer'),
    soon,
  )
  const { id } = await readSpace(fixture.as(owner), { name })
  const ends = async () => (await fixture.trailOf(id)).filter(({ action }) => action === 'grant.end')
  await vi.waitFor(async () => expect(await ends()).toHaveLength(1), soon)
})

test.concurrent('a space is deleted at its end date automatically, once', async () => {
  const owner = await fixture.person('ender')
  const name = uniqueName('ends')
  await createSpace(fixture.as(owner), { ...plain, name, endsAt: new Date(Date.now() + 10_000) })
  const { id } = await fixture.services.db.space.findFirstOrThrow({ where: { name } })
  await vi.waitFor(async () => expect(await kubectl('get', 'namespace', name, '--ignore-not-found')).toBe(''), soon)
  await vi.waitFor(
    async () => expect((await fixture.services.db.space.findUniqueOrThrow({ where: { id } })).status).toBe('deleted'),
    soon,
  )
  expect((await fixture.trailOf(id)).filter(({ action }) => action === 'space.delete')).toHaveLength(1)
})

test.concurrent('the cause that blocks a namespace’s deletion is shown, and the deletion continues once it is gone', async () => {
  const owner = await fixture.person('stuck')
  const name = uniqueName('stuck')
  await createSpace(fixture.as(owner), { ...plain, name })
  await kubectl('create', 'configmap', 'held', '-n', name)
  await kubectl(
    'patch',
    'configmap',
    'held',
    '-n',
    name,
    '--type=merge',
    '-p',
    '{"metadata":{"finalizers":["example.com/hold"]}}',
  )
  await deleteSpace(fixture.as(owner), { space: { name }, confirmation: name })
  await vi.waitFor(
    async () => expect((await readSpace(fixture.as(owner), { name })).failure?.message).toMatch(/example\.com\/hold/),
    soon,
  )
  await kubectl('patch', 'configmap', 'held', '-n', name, '--type=merge', '-p', '{"metadata":{"finalizers":null}}')
  await vi.waitFor(
    async () => await expect(readSpace(fixture.as(owner), { name })).rejects.toMatchObject({ code: 'not_found' }),
    soon,
  )
})

test('the worker reports its health, the duration of reconciles, refusals and the queue length', async () => {
  const get = async (path: string) => fetch(`http://127.0.0.1:${listen}${path}`)
  await expect
    .poll(async () => (await get('/readyz')).json())
    .toEqual({
      status: 'ok',
      parts: { database: 'ok', 'cluster/default': 'ok', 'fences/default': 'ok', queue: 'ok', trail: 'ok' },
    })
  const actor = await fixture.person('metrics')
  await expect(createSpace(fixture.as(actor), { ...plain, name: 'kube-system' })).rejects.toMatchObject({
    code: 'name_protected',
  })
  const gauge = (text: string, name: string) => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1])
  const { rows } = await fixture.owner.query('SELECT count(*)::int AS count FROM audit_event')
  let text = ''
  // Postgres reports rows a moment after they were written.
  await vi.waitFor(async () => {
    text = await (await get('/metrics')).text()
    expect(gauge(text, 'spaceport_trail_rows')).toBeGreaterThanOrEqual(rows[0].count)
  }, soon)
  expect(gauge(text, 'spaceport_trail_bytes')).toBeGreaterThan(8_192)
  expect(text).toMatch(/^spaceport_queue_length \d+$/m)
  expect(text).toMatch(/^spaceport_reconcile_duration_seconds_count\{outcome="ok"\} [1-9]/m)
  expect(text).toMatch(/^spaceport_refusals_total\{action="space.create",reason="name_protected"\} 1$/m)
})
