import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { uniqueName } from '#dev/testing/fixtures/unique-name.ts'
import { applyMigrations } from './apply-migrations.ts'
import type { Migration } from './list-migrations.ts'
import { takeMigrationLock } from './migration-lock.ts'

let own: TestDatabase
let admin: pg.Client
let owner: pg.Client
let url: string
let name: string
const children: ChildProcess[] = []

beforeEach(async () => {
  own = await ownDatabase()
  name = uniqueName('migrations').replaceAll('-', '_')
  admin = new pg.Client({ connectionString: own.ownerDatabaseUrl })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  url = Object.assign(new URL(own.ownerDatabaseUrl), { pathname: `/${name}` }).href
  owner = await connect(url)
})
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  await owner.end()
  await admin.query(`DROP DATABASE ${name} WITH (FORCE)`)
  await admin.end()
})

async function connect(connectionString: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString })
  client.on('error', () => {})
  await client.connect()
  return client
}

async function migrate(migrations: readonly Migration[]): Promise<string[]> {
  const lock = await takeMigrationLock(url)
  try {
    return await applyMigrations(url, migrations, lock.assertHeld)
  } finally {
    await lock.release()
  }
}

const rows = async () =>
  (await owner.query('SELECT * FROM _prisma_migrations ORDER BY started_at, migration_name')).rows

const a: Migration = { name: '20200101000000_a', sql: 'CREATE TABLE a (id int);\nINSERT INTO a VALUES (1);\n' }
const b: Migration = { name: '20200102000000_b', sql: 'CREATE TABLE b (id int);\n' }
const broken: Migration = { ...b, sql: 'CREATE TABLE b (id int);\n-- é\n  INSERT INTO nope VALUES (1);\n' }

/** What Prisma’s CLI writes for `a`. */
const byPrisma = {
  table: [
    'id character varying(36) not null',
    'checksum character varying(64) not null',
    'finished_at timestamp with time zone',
    'migration_name character varying(255) not null',
    'logs text',
    'rolled_back_at timestamp with time zone',
    'started_at timestamp with time zone not null default now()',
    'applied_steps_count integer not null default 0',
  ],
  keys: ['_prisma_migrations_pkey PRIMARY KEY (id)'],
  row: {
    id: '9ea28cef-9a92-4f3f-a811-871c976ae940',
    checksum: '953057d3b1f4195b0420b5ae05a41f81e260c77d1f82fb4d3f2af7392ec1ac96',
    finished_at: new Date('2026-12-01T04:13:52.921Z'),
    migration_name: '20200101000000_a',
    logs: null,
    rolled_back_at: null,
    started_at: new Date('2026-12-01T04:13:52.911Z'),
    applied_steps_count: 1,
  },
}

test('the migrations table and its rows are compatible with Prisma’s CLI', async () => {
  await migrate([a])

  const columns = await owner.query(
    `SELECT concat_ws(' ', attname, format_type(atttypid, atttypmod), CASE WHEN attnotnull THEN 'not null' END,
       'default ' || pg_get_expr(adbin, adrelid)) AS line
     FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
     WHERE attrelid = '_prisma_migrations'::regclass AND attnum > 0 ORDER BY attnum`,
  )
  expect(columns.rows.map(({ line }) => line)).toEqual(byPrisma.table)
  const keys = await owner.query(
    `SELECT conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
     WHERE conrelid = '_prisma_migrations'::regclass AND contype <> 'n'`,
  )
  expect(keys.rows.map(({ line }) => line)).toEqual(byPrisma.keys)
  const [row, ...others] = await rows()
  expect(others).toEqual([])
  expect(row).toEqual({
    ...byPrisma.row,
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    started_at: expect.any(Date),
    finished_at: expect.any(Date),
  })
  expect(row.finished_at.getTime()).toBeGreaterThanOrEqual(row.started_at.getTime())
})

test('a failed statement is reported with its file, position, SQLSTATE and message, and rolls back only its own migration', async () => {
  await expect(migrate([a, broken])).rejects.toThrow(
    'prisma/migrations/20200102000000_b/migration.sql, line 3, column 15: relation "nope" does not exist (SQLSTATE 42P01)\nNothing of this migration was applied',
  )
  expect((await owner.query(`SELECT to_regclass('a') AS a, to_regclass('b') AS b`)).rows).toEqual([{ a: 'a', b: null }])
  const [, failed] = await rows()
  expect(failed).toMatchObject({
    migration_name: broken.name,
    finished_at: null,
    rolled_back_at: expect.any(Date),
    applied_steps_count: 0,
    logs: expect.stringContaining('line 3, column 15: relation "nope" does not exist (SQLSTATE 42P01)'),
  })
  expect(await migrate([a, b])).toEqual([b.name])
})

test('the person who migrates sees the values of rows in an error, but no table stores them', async () => {
  const duplicate = {
    ...b,
    sql: `CREATE TABLE b (mail text UNIQUE); INSERT INTO b VALUES ('a@example.com'), ('a@example.com');`,
  }
  await expect(migrate([duplicate])).rejects.toThrow('Key (mail)=(a@example.com) already exists.')
  expect(JSON.stringify(await rows())).not.toContain('a@example.com')
})

test('an applied migration that was edited stops everything and is named', async () => {
  await migrate([a])
  await expect(migrate([{ ...a, sql: `${a.sql} ` }, b])).rejects.toThrow(
    `These migrations were edited after they were applied: ${a.name}.`,
  )
  expect((await rows()).map((row) => row.migration_name)).toEqual([a.name])
})

test('line endings that Git writes on Windows don’t count as an edit', async () => {
  await migrate([a])
  expect(await migrate([{ ...a, sql: a.sql.replaceAll('\n', '\r\n') }])).toEqual([])
})

test('a database older than the first migration is refused, and nothing is applied', async () => {
  await migrate([a])
  await expect(migrate([{ name: '20200101120000_baseline', sql: 'CREATE TABLE c (id int)' }])).rejects.toThrow(
    /from before the first release .* can’t be upgraded/,
  )
  expect((await rows()).map((row) => row.migration_name)).toEqual([a.name])
})

test('a database that a newer version migrated is left unchanged', async () => {
  await migrate([a, b])
  expect(await migrate([a])).toEqual([])
  expect(await migrate([a, { name: '20200101500000_between', sql: 'CREATE TABLE between_them (id int)' }])).toEqual([
    '20200101500000_between',
  ])
})

test('concurrent migrators apply each migration once', async () => {
  const many = Array.from({ length: 8 }, (_, i) => ({
    name: `2020010100000${i}_m`,
    sql: `CREATE TABLE m${i} (id int)`,
  }))
  const applied = await Promise.all([1, 2, 3, 4].map(() => migrate(many)))
  expect(applied.toSorted((x, y) => y.length - x.length)).toEqual([many.map((one) => one.name), [], [], []])
  expect(await rows()).toHaveLength(many.length)
})

/** Starts a process that applies the migrations and doesn't exit. */
async function migratorInProcess(migrations: readonly Migration[], isRunning: string): Promise<ChildProcess> {
  const script = `
    import { applyMigrations } from '#lib/kernel/db/migrate/apply-migrations.ts'
    import { takeMigrationLock } from '#lib/kernel/db/migrate/migration-lock.ts'
    const { url, migrations } = JSON.parse(process.env.ORDER)
    const lock = await takeMigrationLock(url)
    await applyMigrations(url, migrations, lock.assertHeld)`
  const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, ORDER: JSON.stringify({ url, migrations }) },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  children.push(child)
  const running = () =>
    admin.query(`SELECT FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE $2`, [
      name,
      `%${isRunning}%`,
    ])
  await expect.poll(async () => (await running()).rowCount).toBe(1)
  return child
}

test('a killed migrator leaves nothing of its migration, and the next one applies it', async () => {
  const slow = { ...b, sql: 'CREATE TABLE b (id int); INSERT INTO a VALUES (2); SELECT pg_sleep(600);' }
  const child = await migratorInProcess([a, slow], 'pg_sleep(600)')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(await rows()).toHaveLength(1)
  expect(await migrate([a, b])).toEqual([b.name])
  expect((await owner.query('SELECT id FROM a')).rows).toEqual([{ id: 1 }])
})

test('a connection lost during a migration is reported, and the next migrator continues', async () => {
  const slow = { ...b, sql: 'CREATE TABLE b (id int); SELECT pg_sleep(600);' }
  const failed = migrate([a, slow]).then(String, (reason: Error) => reason.message)
  const end = () =>
    admin.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1 AND state = 'active' AND query LIKE '%pg_sleep%'`,
      [name],
    )
  await expect.poll(async () => (await end()).rowCount).toBe(1)
  expect(await failed).toMatch(/terminating connection due to administrator command|Connection terminated/)
  expect(await migrate([a, b])).toEqual([b.name])
})

test('a migrator that loses its lock’s connection starts no further migration', async () => {
  const end = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'spaceport-migrate-lock'`
  // Its own statement ends the lock's session; the sleep lets that arrive.
  const first = { ...a, sql: `${end}; SELECT pg_sleep(1);` }
  await expect(migrate([first, b])).rejects.toThrow('The connection that keeps other migrations out was lost')
  expect((await rows()).map((row) => row.migration_name)).toEqual([a.name])
})

test('a migration waits for a lock in short attempts, and continues when it is free', async () => {
  await migrate([a])
  const holder = await connect(url)
  try {
    await holder.query('BEGIN; LOCK TABLE a IN ACCESS SHARE MODE')
    const migrated = migrate([a, { ...b, sql: 'ALTER TABLE a ADD COLUMN note text' }])
    // It lets others pass between attempts, and doesn’t record them as failures.
    const waits = () =>
      admin.query(`SELECT FROM pg_stat_activity WHERE datname = $1 AND wait_event_type = 'Lock'`, [name])
    await expect.poll(async () => (await waits()).rowCount, { interval: 20 }).toBe(1)
    await expect.poll(async () => (await waits()).rowCount, { interval: 20 }).toBe(0)
    await holder.query('COMMIT')
    expect(await migrated).toEqual([b.name])
    expect(await rows()).toHaveLength(2)
  } finally {
    await holder.end()
  }
})

const concurrent: Migration = {
  name: '20200103000000_c',
  sql: '-- brief\nCREATE INDEX CONCURRENTLY "a_id_idx" ON a (id);\n',
}
const isValid = async () =>
  (await owner.query(`SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('a_id_idx')`)).rows

test('an index is created while others write', async () => {
  await migrate([a])
  const writer = await connect(url)
  try {
    await writer.query('BEGIN; INSERT INTO a VALUES (2)')
    const migrated = migrate([a, concurrent])
    await expect.poll(async () => (await isValid())[0]).toEqual({ valid: false })
    const other = await connect(url)
    await other.query('INSERT INTO a VALUES (3)')
    await other.end()
    await writer.query('COMMIT')
    expect(await migrated).toEqual([concurrent.name])
    expect(await isValid()).toEqual([{ valid: true }])
  } finally {
    await writer.end()
  }
})

test('if a migrator is killed, the next one creates its index', async () => {
  await migrate([a])
  const writer = await connect(url)
  try {
    await writer.query('BEGIN; INSERT INTO a VALUES (2)')
    const child = await migratorInProcess([a, concurrent], 'INDEX CONCURRENTLY')
    await expect.poll(async () => (await isValid())[0]).toEqual({ valid: false })
    child.kill('SIGKILL')
    await once(child, 'exit')
    await writer.query('COMMIT')
  } finally {
    await writer.end()
  }
  expect(await migrate([a, concurrent])).toEqual([concurrent.name])
  expect(await isValid()).toEqual([{ valid: true }])
})

test('an index that was created but not recorded is only recorded', async () => {
  await migrate([a])
  await owner.query('CREATE INDEX a_id_idx ON a (id)')
  expect(await migrate([a, concurrent])).toEqual([concurrent.name])
})

test.each(['web', 'worker', 'gateway'] as const)(
  'no lock that the login of %s can take blocks a migration',
  async (process) => {
    await migrate([a])
    await owner.query('GRANT SELECT ON _prisma_migrations TO spaceport_web, spaceport_worker, spaceport_gateway')
    const thief = await connect(Object.assign(new URL(own.databaseUrls[process]), { pathname: `/${name}` }).href)
    const tries = await connect(Object.assign(new URL(own.databaseUrls[process]), { pathname: `/${name}` }).href)
    try {
      await thief.query(`SELECT pg_advisory_lock(hashtext('spaceport migrations')), pg_advisory_lock(72707369)`)
      await thief.query('BEGIN')
      await thief.query('LOCK TABLE _prisma_migrations IN ACCESS SHARE MODE')
      const { rows: modes } = await tries.query(
        `SELECT unnest(ARRAY['ROW SHARE', 'ROW EXCLUSIVE', 'SHARE UPDATE EXCLUSIVE', 'SHARE', 'SHARE ROW EXCLUSIVE', 'EXCLUSIVE', 'ACCESS EXCLUSIVE']) AS mode`,
      )
      for (const { mode } of modes) {
        const lock = tries.query(`BEGIN; LOCK TABLE _prisma_migrations IN ${mode} MODE NOWAIT`)
        await expect(lock, mode).rejects.toThrow(/permission denied/)
        await tries.query('ROLLBACK')
      }
      await expect(tries.query('SELECT FROM _prisma_migrations FOR KEY SHARE')).rejects.toThrow(/permission denied/)
      expect(await migrate([a, b])).toEqual([b.name])
    } finally {
      await thief.end()
      await tries.end()
    }
  },
)
