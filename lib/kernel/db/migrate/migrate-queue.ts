import { runMigrations } from 'graphile-worker'
import type pg from 'pg'
import { createOwnerPool } from '#lib/kernel/db/pool.ts'

/** Owns the job queue's schema. No process is a member, because an owner could replace the code of its functions. */
const ownerRole = 'spaceport_queue_owner'

/**
 * The rights of the queue's users: change the rows under row-level security, and read the rest, including applied
 * migrations.
 */
const grantsSql = `
  GRANT USAGE ON SCHEMA graphile_worker TO spaceport_queue;
  DO $$
  DECLARE
    item record;
  BEGIN
    FOR item IN SELECT c.oid, c.oid::regclass AS name, c.relrowsecurity AS guarded FROM pg_class c
      WHERE c.relnamespace = 'graphile_worker'::regnamespace AND c.relkind IN ('r', 'p', 'v')
    LOOP
      EXECUTE format('GRANT SELECT ON %s TO spaceport_queue', item.name);
      CONTINUE WHEN NOT item.guarded;
      EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %s TO spaceport_queue', item.name);
      CONTINUE WHEN EXISTS (SELECT FROM pg_policy WHERE polrelid = item.oid AND polname = 'spaceport_queue');
      EXECUTE format('CREATE POLICY spaceport_queue ON %s TO spaceport_queue USING (true) WITH CHECK (true)', item.name);
    END LOOP;
  END
  $$;
  GRANT USAGE ON ALL SEQUENCES IN SCHEMA graphile_worker TO spaceport_queue;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA graphile_worker TO spaceport_queue;`

/**
 * Migrates the job queue's schema, and lets the worker use it.
 * @param client connected as the owner of our schema, after our migrations
 */
export async function migrateQueue(client: pg.Client, ownerUrl: string): Promise<void> {
  const quoted = client.escapeIdentifier((await client.query('SELECT current_database() AS name')).rows[0].name)
  // Creating a role doesn't make its creator a member.
  await client.query(`GRANT ${ownerRole}, spaceport_queue TO CURRENT_USER`)
  await client.query(`GRANT CREATE ON DATABASE ${quoted} TO ${ownerRole}`)
  const pool = createOwnerPool(ownerUrl, `-c role=${ownerRole}`)
  try {
    await runMigrations({ pgPool: pool })
    await client.query(grantsSql)
  } finally {
    await pool.end()
    await client.query(`REVOKE CREATE ON DATABASE ${quoted} FROM ${ownerRole}`)
  }
}
