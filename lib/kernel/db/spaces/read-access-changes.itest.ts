import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/database/own-database.ts'
import { createDb } from '#lib/kernel/db/client.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { deleteAccessChanges } from '#lib/worker/db/housekeeping.ts'
import { accessChangesKeptMs, readAccessChanges } from './read-access-changes.ts'

let owner: pg.Client
let other: pg.Client
let gateway: Pool
let workerUrl: string
const id = {
  person: randomUUID(),
  space: randomUUID(),
  credential: randomUUID(),
  grant: randomUUID(),
  pushed: randomUUID(),
}

beforeAll(async () => {
  const { databaseUrls, ownerDatabaseUrl } = await ownDatabase()
  workerUrl = databaseUrls.worker
  owner = new pg.Client({ connectionString: ownerDatabaseUrl })
  other = new pg.Client({ connectionString: databaseUrls.web })
  await Promise.all([owner.connect(), other.connect()])
  gateway = createPool(databaseUrls.gateway, { process: 'gateway', max: 2, applicationName: 'test' }, () => {})
  await owner.query(`
    INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING;
    INSERT INTO user_account (id, issuer, subject, handle, name, email)
      VALUES ('${id.person}', 'https://issuer.test', '${id.person}', 'p-${id.person}', 'x', 'x');
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
      SELECT '${id.space}', c.id, 'f-${id.space}', 'f-${id.space}', 'x', 'S', '${id.person}', 'ready' FROM cluster c WHERE c.name = 'default';
    INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
      VALUES ('${id.grant}', '${id.space}', '${id.person}', 'viewer', now());
    INSERT INTO credential (id, user_id, token_hash, ends_at)
      VALUES ('${id.credential}', '${id.person}', '\\x${id.credential.replaceAll('-', '')}', now() + interval '1 hour')`)
})
afterAll(() => Promise.all([owner.end(), other.end(), gateway.end()]))

async function changesBy(statement: string): Promise<string[]> {
  const { snapshot } = await readAccessChanges(gateway, null)
  await owner.query(statement)
  return (await readAccessChanges(gateway, snapshot)).subjects
}

const space = `space:${id.space}`
const user = `user:${id.person}`
const named = `INSERT INTO user_group (user_id, "group") VALUES ('${id.person}', 'g');
  INSERT INTO scim_user (id, user_id, user_name, attributes, created_at, modified_at) VALUES (gen_random_uuid(), '${id.person}', 'x', '{}', now(), now())`
const pushed = `(id, issuer, display_name, created_at, modified_at) VALUES ('${id.pushed}', 'https://issuer.test', 'g', now(), now())`
test.each([
  ['a grant that is changed', `UPDATE space_grant SET ends_at = now() WHERE id = '${id.grant}'`, space],
  ['a grant that is withheld', `UPDATE space_grant SET withheld_from = ARRAY['${id.person}'::uuid]`, space],
  ['a space that ends', `UPDATE space SET ends_at = now() WHERE id = '${id.space}'`, space],
  ['a space that is served', `UPDATE space SET first_ready_at = now() WHERE id = '${id.space}'`, space],
  ['a space that is deleted', `UPDATE space SET status = 'deleting' WHERE id = '${id.space}'`, space],
  [
    'a space with another namespace',
    `UPDATE space SET namespace_uid = gen_random_uuid() WHERE id = '${id.space}'`,
    space,
  ],
  ['a person who is deactivated', `UPDATE user_account SET deactivated_at = now() WHERE id = '${id.person}'`, user],
  [
    'a provider’s newer confirmation of a person’s groups',
    `UPDATE user_account SET groups_verified_at = now() + interval '1 minute' WHERE id = '${id.person}'`,
    user,
  ],
  ['a person with a group', `INSERT INTO user_group (user_id, "group") VALUES ('${id.person}', 'g')`, user],
  ['a person without a group', `DELETE FROM user_group WHERE user_id = '${id.person}'`, user],
  ['a group that sign-ins name, and that is pushed', `${named}; INSERT INTO scim_group ${pushed}`, user],
  ['a person who joins a pushed group', `INSERT INTO scim_group_member VALUES ('${id.pushed}', '${id.person}')`, user],
  ['a pushed group that is renamed', `UPDATE scim_group SET display_name = 'h' WHERE id = '${id.pushed}'`, user],
  ['a pushed group that is deleted', `DELETE FROM scim_group WHERE id = '${id.pushed}'`, user],
  [
    'a revoked credential',
    `UPDATE credential SET revoked_at = now() WHERE id = '${id.credential}'`,
    `credential:${id.credential}`,
  ],
])('%s is a change of access', async (_what, statement, subject) => {
  expect(await changesBy(statement)).toEqual([subject])
})

test('failing fences of a cluster are a change of access', async () => {
  expect(await changesBy(`UPDATE cluster SET fence_faults = '["x"]'`)).toEqual([expect.stringMatching(/^cluster:/)])
})

test('a new version of the policy, and a provider that becomes unavailable or returns, are changes of access for everyone', async () => {
  const version = `INSERT INTO policy_version (number, rules, reason, author_id, created_at) VALUES (1, '{}', 'x', '${id.person}', now())`
  expect(await changesBy(version)).toEqual(['policy:1'])
  expect(await changesBy(`INSERT INTO identity_provider VALUES ('https://issuer.test', now(), 0)`)).toEqual([])
  const silent = (failures: number) => changesBy(`UPDATE identity_provider SET failures = ${failures}`)
  expect([await silent(4), await silent(5), await silent(6), await silent(0)]).toEqual([
    [],
    ['provider:1'],
    [],
    ['provider:1'],
  ])
})

test('a change that does not affect access is not recorded', async () => {
  expect(
    await changesBy(`UPDATE space SET description = 'y', generation = generation + 1 WHERE id = '${id.space}'`),
  ).toEqual([])
  expect(await changesBy(`UPDATE credential SET name = 'x' WHERE id = '${id.credential}'`)).toEqual([])
})

test('a change is returned once, even if its transaction began before one that was already returned', async () => {
  await other.query('BEGIN')
  await other.query(`UPDATE space_grant SET role = 'editor' WHERE id = '${id.grant}'`)
  const before = await readAccessChanges(gateway, null)
  await owner.query(`UPDATE credential SET ends_at = now() WHERE id = '${id.credential}'`)
  const between = await readAccessChanges(gateway, before.snapshot)
  expect(between.subjects).toEqual([`credential:${id.credential}`])
  await other.query('COMMIT')
  const after = await readAccessChanges(gateway, between.snapshot)
  expect(after.subjects).toEqual([space])
  expect((await readAccessChanges(gateway, after.snapshot)).subjects).toEqual([])
})

test('one transaction that changes a subject many times is one change', async () => {
  const before = await owner.query('SELECT count(*)::int AS count FROM access_change')
  await owner.query(`
    BEGIN;
    DELETE FROM user_group WHERE user_id = '${id.person}';
    INSERT INTO user_group (user_id, "group") SELECT '${id.person}', 'g' || n FROM generate_series(1, 100) n;
    COMMIT`)
  const after = await owner.query('SELECT count(*)::int AS count FROM access_change')
  expect(after.rows[0].count - before.rows[0].count).toBe(1)
})

test('the worker removes old changes and keeps recent ones', async () => {
  await owner.query(
    `INSERT INTO access_change (subject, at) VALUES ('old', now() - interval '1 hour'), ('recent', now())`,
  )
  const db = createDb(workerUrl, { process: 'worker', max: 1, applicationName: 'test' })
  await deleteAccessChanges(db, new Date(Date.now() - accessChangesKeptMs))
  await db.$disconnect()
  const { rows } = await owner.query(`SELECT subject FROM access_change WHERE subject IN ('old', 'recent')`)
  expect(rows).toEqual([{ subject: 'recent' }])
})

test('the gateway only reads changes; web adds them but can’t remove any', async () => {
  await expect(gateway.query(`INSERT INTO access_change (subject) VALUES ('x')`)).rejects.toThrow('permission denied')
  await expect(gateway.query('DELETE FROM access_change')).rejects.toThrow('permission denied')
  await expect(other.query('DELETE FROM access_change')).rejects.toThrow('permission denied')
  await expect(other.query('SELECT subject FROM access_change')).rejects.toThrow('permission denied')
})
