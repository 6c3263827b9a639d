import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { selectSpaces } from '#lib/features/spaces/db/select-spaces.ts'
import { selectAccess } from '#lib/gateway/db/select-access.ts'
import { createDb, type Db, type Tx } from '#lib/kernel/db/client.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { countOwnedSpaces } from './count-owned-spaces.ts'
import { findSpaceByName } from './find-space.ts'

const person = randomUUID()
const living = ['a', 'b', 'c']
const deleted = 3_000
const at = new Date()
const tokenHash = randomUUID().replaceAll('-', '')
let db: Db
let web: Pool
let gateway: Pool

beforeAll(async () => {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  const options = { max: 1, applicationName: 'test' }
  db = createDb(databaseUrls.web, { process: 'web', ...options })
  web = createPool(databaseUrls.web, { process: 'web', ...options })
  gateway = createPool(databaseUrls.gateway, { process: 'gateway', ...options })
  const owner = new pg.Client({ connectionString: ownerDatabaseUrl })
  await owner.connect()
  await owner.query(`
    INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING;
    INSERT INTO user_account (id, issuer, subject, handle, name, email)
      VALUES ('${person}', 'https://issuer.test', '${person}', 'p-${person}', 'x', 'x');
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, namespace_uid, first_ready_at)
      SELECT gen_random_uuid(), c.id, s.name, s.name, 'x', 'S', '${person}', s.status::space_status, s.name, now()
      FROM cluster c, (
        SELECT unnest(ARRAY['${living.join("','")}']) AS name, 'ready' AS status
        UNION ALL SELECT 'gone-' || i, 'deleted' FROM generate_series(1, ${deleted}) i) s WHERE c.name = 'default';
    INSERT INTO credential (id, user_id, token_hash, ends_at)
      VALUES (gen_random_uuid(), '${person}', '\\x${tokenHash}', now() + interval '1 hour');
    ANALYZE space`)
  await owner.end()
})
afterAll(() => Promise.all([db.$disconnect(), web.end(), gateway.end()]))

/** Rows of spaces that the current transaction has read so far. */
const readSoFar = `SELECT (coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0))::int AS read
  FROM pg_stat_xact_user_tables WHERE relname = 'space'`

/** @returns the result, and how many rows of spaces were read on the pool's only connection */
async function readsOf<T>(pool: Pool, find: (pool: Pool) => Promise<T>): Promise<{ found: T; read: number }> {
  await pool.query('BEGIN')
  try {
    const found = await find(pool)
    return { found, read: (await pool.query<{ read: number }>(readSoFar)).rows[0]?.read ?? 0 }
  } finally {
    await pool.query('ROLLBACK')
  }
}

async function readsOfPrisma<T>(find: (tx: Tx) => Promise<T>): Promise<{ found: T; read: number }> {
  return db.$transaction(async (tx) => {
    const found = await find(tx)
    const [row] = await tx.$queryRawUnsafe<{ read: number }[]>(readSoFar)
    return { found, read: row?.read ?? 0 }
  })
}

/** Living spaces may be read several times, deleted ones never. */
const few = 60

test('the gateway reads no deleted spaces of a person', async () => {
  const { found, read } = await readsOf(gateway, (pool) => selectAccess(pool, [tokenHash], 'open'))
  expect(found[0]?.spans.map(({ namespace }) => namespace).sort()).toEqual(living)
  expect(read).toBeLessThan(few)
})

test('the list of spaces reads no deleted ones', async () => {
  const who = { userId: person, all: false, at, issuer: '' }
  const { found, read } = await readsOf(web, (pool) => selectSpaces(pool, who, {}, { pageSize: 25, totalBound: 100 }))
  expect(found.rows.map(({ name }) => name)).toEqual(living)
  expect(read).toBeLessThan(few)
})

test('the count against the limit reads no deleted spaces', async () => {
  const { found, read } = await readsOfPrisma((tx) => countOwnedSpaces(tx, person, 10))
  expect(found).toBe(living.length)
  expect(read).toBeLessThan(few)
})

test('finding a space by name reads no deleted ones', async () => {
  const { found, read } = await readsOfPrisma((tx) =>
    findSpaceByName(tx, { cluster: 'default', name: 'a' }, person, at),
  )
  expect(found).toMatchObject({ name: 'a', standing: 'owner' })
  expect(read).toBeLessThan(few)
})
