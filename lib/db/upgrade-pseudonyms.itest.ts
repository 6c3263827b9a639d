/** Pseudonyms that were given before their records had hashes, after the upgrade. */
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { listMigrations } from './list-migrations.ts'

const name = `upgraded_pseudonyms_${Date.now()}`
const person = '00000000-0000-4000-8000-0000000000aa'
const run = '00000000-0000-4000-8000-00000000cafe'
let server: pg.Client
let upgraded: pg.Client

const about = (action: string, columns = '', values = '') =>
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, observer, destination${columns})
   VALUES (gen_random_uuid(), '${action}', now(), 'system', 'person', '${person}', 'command/test', 'portal'${values});`
const record = (seqs: string) =>
  about(
    'person.pseudonymise-rows',
    ', target_name, outcome, detail',
    `, 'former-0123456789', 'ok', jsonb_build_object('of', '${run}', 'seqs', ${seqs})`,
  )

beforeAll(async () => {
  const { ownerDatabaseUrl } = await ownDatabase()
  server = new pg.Client({ connectionString: ownerDatabaseUrl })
  await server.connect()
  await server.query(`CREATE DATABASE ${name}`)
  upgraded = new pg.Client({
    connectionString: Object.assign(new URL(ownerDatabaseUrl), { pathname: `/${name}` }).href,
  })
  await upgraded.connect()
  const migrations = await listMigrations()
  const bounds = migrations.findIndex((migration) => migration.name.endsWith('_trail_bounds'))
  for (const { sql } of migrations.slice(0, bounds)) await upgraded.query(sql)
  await upgraded.query(`
    INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, observer, destination)
      SELECT gen_random_uuid(), 'space.create', now(), 'user', '${person}', 'alice-1', 'Alice', 'space', 'web/test', 'portal' FROM generate_series(1, 3);
    SELECT seal_trail(1000);
    UPDATE audit_event SET actor_handle = 'former-0123456789', actor_name = 'Former person', salt = NULL WHERE actor_id = '${person}';
    ${record(`(SELECT jsonb_agg(seq::text) FROM audit_event WHERE actor_id = '${person}')`)}
    ${record(`'["x", "", "7", "99999999999999999999"]'`)} ${record(`'7'`)} SELECT seal_trail(1000)`)
  for (const { sql } of migrations.slice(bounds)) await upgraded.query(sql)
})
afterAll(async () => {
  await upgraded.end()
  await server.query(`DROP DATABASE ${name}`)
  await server.end()
})

test('records of earlier pseudonyms are written again with the hashes of what is in the rows', async () => {
  const { rows } = await upgraded.query(
    `SELECT target_name, detail, (SELECT jsonb_object_agg(seq::text, trail_replacement_hash(personal_hash, actor_handle, actor_name, target_name, source_address, user_agent, detail))
       FROM audit_event WHERE actor_id = $1) AS hashes
     FROM audit_event WHERE action = 'person.pseudonymise-rows' AND detail ? 'rows'`,
    [person],
  )
  expect(rows).toEqual([
    {
      target_name: 'former-0123456789',
      detail: { of: run, rows: rows[0]?.hashes, again: true },
      hashes: rows[0]?.hashes,
    },
  ])
  expect(Object.keys(rows[0]?.hashes)).toHaveLength(3)
})

test('sealing goes on from the highest row that was sealed, and a row that was held open meanwhile is corrected', async () => {
  const { rows } = await upgraded.query(
    `SELECT highest = (SELECT max(seq) FROM audit_event WHERE seq NOT IN (SELECT seq FROM audit_unsealed)) AS right FROM audit_turn WHERE name = 'seal'`,
  )
  expect(rows).toEqual([{ right: true }])
  expect((await upgraded.query('SELECT seal_trail(1000) AS sealed')).rows).toEqual([{ sealed: 1 }])
})
