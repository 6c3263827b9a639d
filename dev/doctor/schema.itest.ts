import { expect, test } from 'vitest'
import { copyDatabase } from '#dev/testing/database/own-database.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { createReaderPool } from '#lib/kernel/db/pool.ts'
import { readSchemaFacts } from './schema-facts.ts'
import { checkShippedSchema, shippedSchemaFile } from './shipped-schema.ts'

/** @returns the doctor's findings with the gateway’s login, after the owner ran these statements */
async function checkAfter(...statements: string[]): Promise<string[]> {
  const { databaseUrls, ownerDatabaseUrl } = await copyDatabase()
  for (const statement of statements) await ownerSql(ownerDatabaseUrl, statement)
  const pool = createReaderPool(databaseUrls.gateway, 'test')
  const findings = await checkShippedSchema(pool).finally(() => pool.end())
  return findings.map(({ mark, what }) => `${mark}: ${what}`)
}

test('the recorded schema is what the migrations create', async () => {
  const { databaseUrls } = await copyDatabase()
  const pool = createReaderPool(databaseUrls.gateway, 'test')
  const facts = await readSchemaFacts(pool).finally(() => pool.end())
  // After a migration: npm run test:integration -- dev/doctor/schema.itest.ts -u
  await expect(`${JSON.stringify(facts, undefined, 2)}\n`).toMatchFileSnapshot(shippedSchemaFile)
})

test('a shipped schema is reported as good', async () => {
  expect(await checkAfter()).toEqual(['good: Triggers, functions, indexes and rights are as shipped'])
})

test.each([
  ['the extension for searches', 'DROP EXTENSION pg_trgm CASCADE', /lacks extensions: pg_trgm/],
  [
    'a trigger that keeps the trail append-only',
    'DROP TRIGGER audit_event_append_only ON audit_event',
    /lacks triggers: .*audit_event/,
  ],
  ['a disabled trigger', 'ALTER TABLE audit_block DISABLE TRIGGER ALL', /lacks triggers: .*audit_block/],
  [
    'a trigger that is disabled for one month',
    `DO $$ BEGIN EXECUTE format('ALTER TABLE %I DISABLE TRIGGER ALL', (SELECT relname FROM pg_class
       WHERE relname ~ '^audit_event_[0-9]{6}$' LIMIT 1)); END $$`,
    /lacks triggers: .*audit_event_MONTH/,
  ],
  [
    'additional rights of a process',
    'GRANT UPDATE ON credential TO spaceport_gateway',
    /rights that aren’t shipped: spaceport_gateway may UPDATE on public.credential/,
  ],
  [
    'additional rights of PUBLIC',
    'GRANT SELECT ON session TO PUBLIC',
    /rights that aren’t shipped: PUBLIC may SELECT on public.session/,
  ],
  [
    'a right to one column',
    'GRANT UPDATE (revoked_at) ON credential TO spaceport_gateway',
    /public.credential.revoked_at/,
  ],
  ['revoked rights', 'REVOKE INSERT ON audit_event FROM spaceport_web', /lacks rights: .*spaceport_web may INSERT/],
])('the doctor finds %s', async (_what, statement, expected) => {
  expect((await checkAfter(statement)).join('\n')).toMatch(expected)
})

test('the doctor finds a function with a replaced body', async () => {
  const { ownerDatabaseUrl } = await copyDatabase()
  const [row] = await ownerSql(
    ownerDatabaseUrl,
    `SELECT pg_get_functiondef(tgfoid) AS definition FROM pg_trigger
     WHERE tgrelid = 'audit_event'::regclass AND NOT tgisinternal LIMIT 1`,
  )
  const replaced = String(row?.definition).replace(/BEGIN/i, 'BEGIN PERFORM 1;')
  expect((await checkAfter(replaced)).join('\n')).toMatch(/lacks functions: [\s\S]*functions that aren’t shipped/)
})
