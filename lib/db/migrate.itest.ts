import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/own-database.ts'
import { listMigrations, migrateDatabase } from './migrate.ts'
import { createPool } from './pool.ts'
import { openSchemaEngine } from './schema-engine.ts'

const name = `migrate_${Date.now()}`
const url = (base: string) => Object.assign(new URL(base), { pathname: `/${name}` }).href
let own: TestDatabase
let owner: pg.Client

beforeAll(async () => {
  own = await ownDatabase()
  owner = new pg.Client({ connectionString: own.ownerDatabaseUrl })
  await owner.connect()
  await owner.query(`CREATE DATABASE ${name}`)
})
afterAll(async () => {
  // Nobody is connected any more but for a vacuum, which only a DROP without FORCE may end for us.
  await owner.query(`DROP DATABASE ${name}`)
  await owner.end()
})

test('an empty database is brought up to date, once, also by several at a time', async () => {
  const all = (await listMigrations()).map((migration) => migration.name)
  const applied = await Promise.all([1, 2].map(() => migrateDatabase(url(own.ownerDatabaseUrl))))
  expect(applied.sort((a, b) => b.length - a.length)).toEqual([all, []])
})

test('the migrations make every column that the schema names, of its type', async () => {
  const schema = await readFile(new URL('../../prisma/schema.prisma', import.meta.url), 'utf8')
  const { engine, close } = await openSchemaEngine(url(own.ownerDatabaseUrl), schema)
  const fresh = `${name}_schema`
  await owner.query(`CREATE DATABASE ${fresh}`)
  try {
    const { stdout } = await engine.diff({
      from: { tag: 'empty' },
      to: { tag: 'schemaDatamodel', files: [{ path: 'schema.prisma', content: schema }] },
      script: true,
      exitCode: null,
      filters: { externalTables: [], externalEnums: [] },
    })
    const other = new pg.Client({
      connectionString: Object.assign(new URL(own.ownerDatabaseUrl), { pathname: `/${fresh}` }).href,
    })
    await other.connect()
    await other.query(stdout ?? '')
    const migrated = new pg.Client({ connectionString: url(own.ownerDatabaseUrl) })
    await migrated.connect()
    expect(await columnsOf(migrated)).toEqual(await columnsOf(other))
    await Promise.all([other.end(), migrated.end()])
  } finally {
    await close()
    await owner.query(`DROP DATABASE ${fresh}`)
  }
})

async function columnsOf(client: pg.Client): Promise<unknown[]> {
  const { rows } = await client.query(
    `SELECT table_name, column_name, udt_name, is_nullable, column_default FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' ORDER BY 1, 2`,
  )
  return rows
}

test('the running application adds to the trail and reads it, and can’t change or remove anything of it', async () => {
  const pool = createPool(own.databaseUrls.web, { process: 'web', max: 1, applicationName: 'test' })
  try {
    await pool.query(
      `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination, outcome)
       VALUES (gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')`,
    )
    for (const statement of [
      'UPDATE audit_event SET action = $$x$$',
      'DELETE FROM audit_event',
      'TRUNCATE audit_event',
      'ALTER TABLE audit_event DISABLE TRIGGER ALL',
    ]) {
      await expect(pool.query(statement), statement).rejects.toThrow(/permission denied|must be owner|append-only/)
    }
  } finally {
    await pool.end()
  }
})

test('the trail is append-only for the owner of the tables too', async () => {
  await expect(owner.query('UPDATE audit_event SET action = $$x$$')).rejects.toThrow(/append-only/)
  await expect(owner.query('DELETE FROM audit_event')).rejects.toThrow(/append-only/)
  await expect(owner.query('TRUNCATE audit_event')).rejects.toThrow(/append-only/)
})

/** Puts the queue's owner back to what it was before 20261126005500_queue_owner. */
const asBefore = (queueOwner: string) => `
  DELETE FROM _prisma_migrations
    WHERE migration_name IN ('20261126005500_queue_owner', '20261126021700_reconcile_by_cluster');
  DROP FUNCTION retry_reconcile;
  ALTER FUNCTION enqueue_reconcile OWNER TO CURRENT_USER;
  ALTER FUNCTION queue_length OWNER TO CURRENT_USER;
  REASSIGN OWNED BY spaceport_queue_owner TO ${queueOwner};
  GRANT CREATE ON DATABASE ${name} TO ${queueOwner};`

test.each(['spaceport_app', 'spaceport_queue'])(
  'a queue that %s owned is made again, without what a process may have put into it',
  async (queueOwner) => {
    const client = new pg.Client({ connectionString: url(own.ownerDatabaseUrl) })
    await client.connect()
    try {
      await client.query(asBefore(queueOwner))
      // What the worker could do then: replace what the owner's functions call, and what the next migration reads.
      await client.query(`
      SET ROLE ${queueOwner};
      CREATE FUNCTION graphile_worker.trap() RETURNS int LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'sprung as %', current_user; END $$;
      ALTER TABLE graphile_worker.migrations RENAME TO moved;
      CREATE VIEW graphile_worker.migrations AS SELECT graphile_worker.trap() AS id, now() AS ts, false AS breaking;
      CREATE OR REPLACE FUNCTION graphile_worker.add_job(identifier text, payload json DEFAULT NULL, queue_name text DEFAULT NULL,
        run_at timestamptz DEFAULT NULL, max_attempts int DEFAULT NULL, job_key text DEFAULT NULL, priority int DEFAULT NULL,
        flags text[] DEFAULT NULL, job_key_mode text DEFAULT 'replace')
        RETURNS graphile_worker._private_jobs LANGUAGE plpgsql AS $$ BEGIN PERFORM graphile_worker.trap(); END $$;
      RESET ROLE;`)
      await expect(client.query('SELECT enqueue_reconcile(gen_random_uuid(), 0)')).rejects.toThrow(/sprung as/)

      await migrateDatabase(url(own.ownerDatabaseUrl))

      const { rows } = await client.query(`
      SELECT nspowner::regrole::text AS owner, to_regproc('graphile_worker.trap') AS trap,
        has_database_privilege('${queueOwner}', current_database(), 'CREATE') AS "mayMakeSchemas"
      FROM pg_namespace WHERE nspname = 'graphile_worker'`)
      expect(rows).toEqual([{ owner: 'spaceport_queue_owner', trap: null, mayMakeSchemas: false }])
      const worker = new pg.Client({ connectionString: url(own.databaseUrls.worker) })
      await worker.connect()
      try {
        await worker.query('SELECT enqueue_reconcile(gen_random_uuid(), 0)')
        expect((await worker.query('SELECT count(*)::int AS jobs FROM graphile_worker.jobs')).rows).toEqual([
          { jobs: 1 },
        ])
        expect((await worker.query('DELETE FROM graphile_worker._private_jobs')).rowCount).toBe(1)
      } finally {
        await worker.end()
      }
    } finally {
      await client.end()
    }
  },
)
