import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/own-database.ts'
import { insertAuditEvents } from './insert-audit-events.ts'
import { listMigrations } from './list-migrations.ts'
import { createPool } from './pool.ts'

const name = `upgraded_${Date.now()}`
const on = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href
let own: TestDatabase
let server: pg.Client
let upgraded: pg.Client

const oldRow = `INSERT INTO audit_event (id, intent_id, action, at, actor_kind, target_kind, observer, destination, outcome, detail)
  SELECT md5(n::text)::uuid, CASE WHEN n % 2 = 0 THEN md5((n - 1)::text)::uuid END, 'space.create', '2026-01-05T10:00:00Z', 'system', 'portal', 'worker/test', 'portal',
    CASE WHEN n % 2 = 0 THEN 'ok' END::audit_outcome, '{"note": "ä"}' FROM generate_series(1, 2501) n`

beforeAll(async () => {
  own = await ownDatabase()
  server = new pg.Client({ connectionString: own.ownerDatabaseUrl })
  await server.connect()
  await server.query(`CREATE DATABASE ${name}`)
  upgraded = new pg.Client({ connectionString: on(own.ownerDatabaseUrl) })
  await upgraded.connect()
  const migrations = await listMigrations()
  const chained = migrations.findIndex((migration) => migration.name.endsWith('_chained_trail'))
  for (const { sql } of migrations.slice(0, chained)) await upgraded.query(sql)
  await upgraded.query(oldRow)
  for (const { sql } of migrations.slice(chained)) await upgraded.query(sql)
})
afterAll(async () => {
  await upgraded.end()
  await server.query(`DROP DATABASE ${name}`)
  await server.end()
})

test('the rows of an installation that is upgraded are all there, as they were, and are sealed', async () => {
  const { rows } = await upgraded.query(
    `SELECT count(*)::int AS rows, min(seq)::text AS first, max(seq)::text AS last, bool_and(recorded_at = at) AS "recordedThen",
       bool_and(salt IS NOT NULL) AS salted, count(DISTINCT tableoid)::int AS partitions FROM audit_event`,
  )
  expect(rows).toEqual([{ rows: 2501, first: '1', last: '2501', recordedThen: true, salted: true, partitions: 1 }])
  await upgraded.query('SELECT seal_trail(10000)')
  const blocks = await upgraded.query('SELECT number::int, month, rows FROM audit_block ORDER BY number')
  expect(blocks.rows).toEqual([
    { number: 1, month: 0, rows: 1000 },
    { number: 2, month: 0, rows: 1000 },
    { number: 3, month: 0, rows: 501 },
  ])
  expect((await upgraded.query('SELECT FROM audit_unsealed')).rowCount).toBe(0)
})

const table = {
  columns: ['id', 'intent_id', 'action', 'at', 'actor_kind', 'target_kind', 'observer', 'destination', 'outcome'],
  types: ['uuid', 'uuid', 'text', 'timestamptz', 'text', 'text', 'text', 'text', 'audit_outcome'],
}
const row = (id: string, intentId: string | null) => [
  id,
  intentId,
  'space.create',
  new Date(),
  'system',
  'portal',
  'worker/test',
  'portal',
  'ok',
]

test('a row that is written again, or as another outcome of the same intent, is there once: in one month, and across its turn', async () => {
  const pool = createPool(on(own.databaseUrls.gateway), { process: 'gateway', max: 1, applicationName: 'test' })
  try {
    const [first, second] = ['00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-000000000002']
    const intent = '00000000-0000-4000-8000-000000000003'
    const written = () =>
      upgraded.query(`SELECT id FROM audit_event WHERE id = ANY ($1) ORDER BY id`, [[first, second]])
    await insertAuditEvents(pool, table, [row(first, intent), row(first, intent), row(second, intent)])
    await insertAuditEvents(pool, table, [row(first, intent)])
    expect((await written()).rows).toEqual([{ id: first }])

    // A row of the month before.
    const old = { id: '00000000-0000-4000-8000-000000000004', intentId: '00000000-0000-4000-8000-000000000005' }
    await upgraded.query(
      `INSERT INTO audit_event (seq, ${table.columns.join(', ')}) VALUES (196912000000000001, $1, $2, $3, $4, $5, $6, $7, $8, $9)`,
      row(old.id, old.intentId),
    )
    const turn = new Date('1970-01-01T00:10:00Z')
    await insertAuditEvents(pool, table, [row(old.id, null), row(second, old.intentId)], turn)
    expect((await written()).rows).toEqual([{ id: first }])
    expect((await upgraded.query(`SELECT FROM audit_event WHERE id = $1`, [old.id])).rowCount).toBe(1)
  } finally {
    await pool.end()
  }
})

test('the months ahead have their partitions, and whoever reads an outcome by its intent reads few of them', async () => {
  const { rows } = await upgraded.query(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'audit_event'::regclass ORDER BY 1`,
  )
  expect(rows).toHaveLength(5)
  const bound = async (seq: string) =>
    (await upgraded.query('SELECT audit_outcome_before($1)::text AS bound', [seq])).rows[0].bound
  expect(await bound('202601000000000007')).toBe('202604000000000000')
  expect(await bound('202610000000000007')).toBe('202613000000000000')
  expect(await bound('202611000000000007')).toBe('202702000000000000')
  expect(await bound('202612000000000007')).toBe('202703000000000000')
  expect(await bound('7')).toBe('9223372036854775807')
})
