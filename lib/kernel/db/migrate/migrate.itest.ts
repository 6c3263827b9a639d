import { readFile } from 'node:fs/promises'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { readDatamodel } from '#dev/testing/database/read-datamodel.ts'
import { renderDatamodel } from '#dev/testing/database/render-datamodel.ts'
import { createPool } from '#lib/kernel/db/pool.ts'
import { listMigrations } from './list-migrations.ts'
import { migrateDatabase } from './migrate.ts'
import { selectTemporaryMakers } from './temporary-tables.ts'

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
  // Only a vacuum may still be connected, and only DROP without FORCE may end it.
  await owner.query(`DROP DATABASE ${name}`)
  await owner.end()
})

test('an empty database is migrated once, even by concurrent migrators', async () => {
  const all = (await listMigrations()).map((migration) => migration.name)
  const applied = await Promise.all([1, 2].map(() => migrateDatabase(url(own.ownerDatabaseUrl))))
  expect(applied.sort((a, b) => b.length - a.length)).toEqual([all, []])
})

test('no process can create temporary tables, which could shadow ours on a shared connection', async () => {
  const { rows } = await owner.query(
    `SELECT rolname, has_database_privilege(oid, $1, 'TEMPORARY') AS may FROM pg_roles WHERE rolname ~ '^spaceport_(web|worker|gateway)'`,
    [name],
  )
  expect(rows.length).toBeGreaterThan(2)
  expect(rows.filter(({ may }) => may)).toEqual([])
})

test.each(['PUBLIC', 'spaceport_web_login'])('it reports when %s can still create temporary tables', async (who) => {
  const makers = () => selectTemporaryMakers(url(own.ownerDatabaseUrl))
  expect(await makers()).toEqual([])
  await owner.query(`GRANT TEMPORARY ON DATABASE ${name} TO ${who}`)
  expect(await makers()).toEqual([who])
  await owner.query(`REVOKE TEMPORARY ON DATABASE ${name} FROM ${who}`)
})

type Shape = { columns: string[]; indexes: string[]; keys: string[]; enums: string[] }
let migrated: Shape
let said: Shape

describe('the migrations and the schema', () => {
  beforeAll(async () => {
    const schema = await readFile(new URL('../../../../prisma/schema.prisma', import.meta.url), 'utf8')
    const fresh = `${name}_schema`
    await owner.query(`CREATE DATABASE ${fresh}`)
    try {
      const freshUrl = Object.assign(new URL(own.ownerDatabaseUrl), { pathname: `/${fresh}` }).href
      said = await shapeOf(
        freshUrl,
        `CREATE FUNCTION next_audit_seq() RETURNS bigint LANGUAGE sql AS $$ SELECT 1 $$;
        ${renderDatamodel(await readDatamodel(), schema)}`,
      )
      migrated = await shapeOf(url(own.ownerDatabaseUrl))
    } finally {
      await owner.query(`DROP DATABASE ${fresh}`)
    }
  })

  test('have the same columns with the same types', () => {
    expect(migrated.columns.length).toBeGreaterThan(100)
    expect(migrated.columns).toEqual(said.columns)
  })

  test('have the same enum values, in order', () => {
    expect(migrated.enums).toContain('space_role: viewer, editor, admin')
    expect(migrated.enums).toEqual(said.enums)
  })

  test('have the same primary, unique and foreign keys', () => {
    expect(migrated.keys.length).toBeGreaterThan(30)
    expect(migrated.keys).toEqual(said.keys)
  })

  test('have the same indexes, except those that a Prisma schema can’t express', () => {
    const ours = Object.keys(beyondPrisma)
    const nameOf = (index: string) => index.split(' ')[0] ?? ''
    expect(migrated.indexes.map(nameOf).filter((index) => ours.includes(index))).toEqual(ours.sort())
    expect(migrated.indexes.filter((index) => !ours.includes(nameOf(index)))).toEqual(said.indexes)
  })

  test.each(Object.entries(beyondPrisma))('%s, which a Prisma schema can’t express, exists: %s', (index) => {
    expect(migrated.indexes.find((line) => line.startsWith(`${index} `))).toMatch(
      / WHERE | gin_trgm_ops|gin_pending_list_limit|lower\(|\(seqs\[1\]\)/,
    )
  })
})

test('trail outcomes are only indexed by their intent: other indexes leave them out', () => {
  const ofTrail = migrated.indexes.filter((line) => line.includes(' ON audit_event '))
  const paying = ofTrail.filter((line) => !/ WHERE \(+intent_id IS NULL\)/.test(line))
  expect(paying.map((line) => line.split(' ')[0])).toEqual(['audit_event_pkey'])
})

/** Partial and expression indexes, which a Prisma schema can't express, each with its purpose. */
const beyondPrisma: Readonly<Record<string, string>> = {
  audit_block_first_seq_idx: 'the block of a trail row',
  audit_event_about_idx: 'actions about a person',
  audit_event_actor_id_seq_idx: 'actions by a person',
  audit_event_open_idx: 'intents without an outcome',
  audit_event_spaceless_idx: 'actions that name a space without belonging to it',
  audit_event_cluster_audit_id_idx: 'from a request at an API server to the gateway’s row, and back',
  audit_event_unmatched_idx: 'requests with a Spaceport identity that no one was notified about yet',
  audit_event_issued_idx: 'tokens requested from an API server',
  audit_event_made_idx: 'objects that a person created and that could act for them',
  audit_event_unmade_idx: 'whether they were removed since',
  audit_event_sign_in_idx: 'a person’s last sign-ins',
  audit_event_space_id_seq_idx: 'actions in one space',
  audit_words_words_idx: 'chunks by words, few of which wait to be indexed',
  audit_words_unkept_idx: 'chunks that every search reads',
  trail_check_running: 'only one verification of the trail runs at a time',
  credential_living_created_idx: 'the list of all active credentials, newest first',
  credential_living_ends_idx: 'finds credentials that expire soon',
  credential_session_idx: 'ending a session ends its credential',
  credential_living_space_idx: 'deleting a space revokes its credentials',
  inbox_event_unread_idx: 'a person’s unread events are counted on every page',
  mail_delivery_due_idx: 'finds mail that is due',
  offboarding_cluster_due_idx: 'checks of departed users that are due at a cluster',
  offboarding_in_force_idx: 'a person has one offboarding in force',
  offboarding_open_idx: 'finds departed users with an open certificate',
  provisioning_freeze_open_idx: 'provisioning is frozen once at a time',
  pseudonym_open_key: 'a person gets one pseudonym at a time',
  request_open_idx: 'requests waiting for a decision are counted on every page',
  review_active_idx: 'finds active reviews',
  review_line_grant_key: 'a review has one line per grant',
  review_line_open_idx: 'a person’s open review lines are counted on every page',
  review_name_key: 'one review of a name at a time',
  break_glass_code_alarm_idx: 'every admin page looks up unacknowledged uses of the break-glass account',
  scim_group_display_name_idx: 'names of pushed groups are unique, ignoring case',
  scim_token_in_force_idx: 'at most two provisioning tokens are in force',
  scim_token_request_open_idx: 'a person has one open request for a provisioning token',
  scim_user_display_name_idx: 'finds a provisioned person by name',
  scim_user_user_name_idx: 'userNames are unique, ignoring case',
  space_gone_namespace_idx: 'a name stays reserved for its previous owner',
  space_grant_awaits_start_idx: 'finds grants that are due to start',
  space_grant_ends_idx: 'finds grants that are due to end',
  space_grant_group_key: 'a group has one role in a space, apart from requested ones',
  space_grant_user_key: 'a person has one role in a space, apart from requested ones',
  space_living_created_idx: 'the list of all spaces, by creation time',
  space_living_ends_idx: 'finds spaces that end soon',
  space_living_name_idx: 'the list of all spaces, by name',
  space_living_name_key: 'a name is free once its space is deleted',
  space_living_namespace_key: 'a namespace is free once its space is deleted',
  space_living_owner_idx: 'a person’s spaces, without deleted ones',
  space_offer_open_key: 'a space has one open offer',
  space_on_cluster_idx: 'the spaces of a cluster, ordered by namespace',
  space_text_idx: 'searches parts of words in names and descriptions',
  user_account_groups_counting_idx: 'finds group roles that are due to be suspended',
  user_account_unseen_idx: 'finds people not seen for long',
  user_account_warned_idx: 'finds people who were warned about that',
  user_account_groups_suspended_idx: 'finds suspended groups that count again',
  space_unsettled_idx: 'the sweep finds spaces that aren’t in their desired state',
  webhook_delivery_due_idx: 'finds webhook messages that are due',
  user_account_admin_idx: 'finds the platform admins, who get requests',
  user_text_idx: 'people are suggested by parts of their names',
}

const partitions = 'SELECT oid FROM pg_class WHERE relispartition'

async function shapeOf(databaseUrl: string, script = ''): Promise<Shape> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  const list = async (sql: string): Promise<string[]> =>
    (await client.query<{ line: string }>(sql)).rows.map(({ line }) => line)
  try {
    if (script !== '') await client.query(script)
    return {
      columns: await list(`
        SELECT concat_ws(' ', table_name, column_name, udt_name, is_nullable, column_default) AS line
        FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' AND to_regclass(quote_ident(table_name)) NOT IN (${partitions}) ORDER BY 1`),
      indexes: await list(`
        SELECT concat_ws(' ', c.relname, 'ON', i.indrelid::regclass, CASE WHEN i.indisunique THEN 'unique' END,
          regexp_replace(pg_get_indexdef(i.indexrelid), '^.* USING ', '')) AS line
        FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
        WHERE c.relnamespace = 'public'::regnamespace AND i.indrelid <> coalesce(to_regclass('_prisma_migrations'), 0)
          AND i.indrelid NOT IN (${partitions}) ORDER BY 1`),
      keys: await list(`
        SELECT concat_ws(' ', conrelid::regclass, conname, pg_get_constraintdef(oid)) AS line FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace AND contype IN ('p', 'u', 'f')
          AND conrelid <> coalesce(to_regclass('_prisma_migrations'), 0) AND conrelid NOT IN (${partitions}) ORDER BY 1`),
      enums: await list(`
        SELECT t.typname || ': ' || string_agg(e.enumlabel, ', ' ORDER BY e.enumsortorder) AS line
        FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid
        WHERE t.typnamespace = 'public'::regnamespace GROUP BY t.typname ORDER BY 1`),
    }
  } finally {
    await client.end()
  }
}

test('the running application can add to the trail and read it, but not change or remove entries', async () => {
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

test('the trail is append-only even for the owner of the tables', async () => {
  await expect(owner.query('UPDATE audit_event SET action = $$x$$')).rejects.toThrow(/append-only/)
  await expect(owner.query('DELETE FROM audit_event')).rejects.toThrow(/append-only/)
  await expect(owner.query('TRUNCATE audit_event')).rejects.toThrow(/append-only/)
})

test('every PL/pgSQL function has a fixed search path, so that no temporary table shadows ours', async () => {
  const { rows } = await owner.query(
    `SELECT p.proname AS name FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
     WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql'
       AND NOT EXISTS (SELECT FROM unnest(p.proconfig) setting WHERE setting LIKE 'search_path=pg_catalog,%pg_temp')`,
  )
  expect(rows).toEqual([])
})

test('rows written before the first month, by a clock that was behind, stay searchable', async () => {
  const chunks = () => owner.query('SELECT chunk FROM audit_words')
  const { rows } = await owner.query<{ chunk: string }>(
    `INSERT INTO audit_event (seq, id, action, at, actor_kind, target_kind, observer, destination, outcome)
     VALUES (to_char(now() AT TIME ZONE 'UTC' - interval '1 month', 'YYYYMM')::bigint * 1000000000000 + 1,
       gen_random_uuid(), 'space.create', now(), 'system', 'portal', 'worker/test', 'portal', 'ok')
     RETURNING seq / 1000 AS chunk`,
  )
  await owner.query('SELECT index_trail_chunk($1)', [rows[0]?.chunk])
  expect((await chunks()).rows).toEqual(rows)
  await owner.query('SELECT index_trail(10)')
  expect((await chunks()).rows).toEqual(expect.arrayContaining(rows))
})
