import { setTimeout as delay } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { createLogger } from '#lib/observability/logger.ts'
import { createDb } from './client.ts'
import { type Blocked, inUnblockedTransaction } from './end-blockers.ts'
import { createPool, type Pool } from './pool.ts'

const clients: pg.Client[] = []
let row = ''
let blocked: Blocked & { pool: Pool }

beforeAll(async () => {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  const options = { process: 'web', max: 2, applicationName: 'test' } as const
  blocked = {
    db: createDb(databaseUrls.web, options),
    pool: createPool(databaseUrls.web, options),
    log: createLogger('test', 'fatal'),
  }
  for (const connectionString of [databaseUrls.web, databaseUrls.web, databaseUrls.web, databaseUrls.web]) {
    const client = new pg.Client({ connectionString })
    client.on('error', () => {})
    await client.connect()
    clients.push(client)
  }
  const owner = new pg.Client({ connectionString: ownerDatabaseUrl })
  await owner.connect()
  const { rows } = await owner.query<{ id: string }>(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email)
     VALUES (gen_random_uuid(), 'x', 'queue', 'queue', 'x', 'x') RETURNING id`,
  )
  row = rows[0]?.id ?? ''
  await owner.end()
})
afterAll(async () => {
  await Promise.all([blocked.db.$disconnect(), blocked.pool.end(), ...clients.map((client) => client.end())])
})

const pidOf = async (client: pg.Client) =>
  (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0

test('a session that queues for a row, and so holds its tuple lock, is never ended for another one behind it', async () => {
  const [holder, first, second, asking] = clients as [pg.Client, pg.Client, pg.Client, pg.Client]
  const pids = await Promise.all([holder, first, second].map(pidOf))
  const take = 'SELECT id FROM user_account WHERE id = $1 FOR NO KEY UPDATE'
  for (const client of [holder, first, second]) await client.query('BEGIN')
  await holder.query(take, [row])
  const queued = `SELECT count(*)::int AS n FROM pg_locks WHERE pid = ANY ($1) AND locktype = 'tuple'`
  const waiting: Promise<pg.QueryResult>[] = []
  // In sequence: the commits below follow the order of the queue.
  for (const [index, client] of [first, second].entries()) {
    waiting.push(client.query(take, [row]))
    await expect.poll(async () => (await asking.query(queued, [pids])).rows[0].n, { timeout: 30_000 }).toBe(index + 1)
  }
  const end = async (pid: number) =>
    (await asking.query('SELECT ended FROM end_blockers($1, true, $2)', [pid, pids])).rows[0]
  for (const pid of [0, ...pids]) expect(await end(pid)).toEqual({ ended: 0 })
  await holder.query('COMMIT')
  for (const [client, done] of [
    [first, waiting[0]],
    [second, waiting[1]],
  ] as const) {
    expect((await done)?.rowCount).toBe(1)
    await client.query('COMMIT')
  }
})

test('a transaction that lost its session between two statements is retried', async () => {
  const [asking] = clients as [pg.Client]
  let attempts = 0
  // It retries for two seconds: its clock is stopped, because the machine may stall.
  const clock = vi.spyOn(performance, 'now').mockReturnValue(performance.now())
  onTestFinished(() => clock.mockRestore())
  const done = await inUnblockedTransaction(blocked, async (tx) => {
    attempts++
    const [{ pid } = { pid: 0 }] = await tx.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid`
    if (attempts === 1) {
      await asking.query('SELECT pg_terminate_backend($1)', [pid])
      const there = 'SELECT FROM pg_stat_activity WHERE pid = $1'
      await expect.poll(async () => (await asking.query(there, [pid])).rowCount, { timeout: 30_000 }).toBe(0)
      await delay(100)
    }
    return tx.$queryRaw<{ done: boolean }[]>`SELECT true AS done`
  })
  expect(done).toEqual([{ done: true }])
  expect(attempts).toBe(2)
})
