import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { listMigrations } from './list-migrations.ts'

const name = `groups_${Date.now()}`
const former = 'https://former.example'
const present = 'https://present.example/realms/main/'
let owner: pg.Client
let client: pg.Client
let migration = ''

const rows = async (text: string, values: unknown[] = []) => (await client.query(text, values)).rows

async function person(issuer: string, { groups = [], ageDays = 0 }: { groups?: string[]; ageDays?: number } = {}) {
  const id = randomUUID()
  await rows(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, created_at, last_sign_in_at)
     VALUES ($1, $2, $3, $3, 'x', 'x', now() - $4 * interval '1 day', now() - $4 * interval '1 day')`,
    [id, issuer, id, ageDays],
  )
  for (const group of groups) await rows(`INSERT INTO user_group (user_id, "group") VALUES ($1, $2)`, [id, group])
  return id
}

beforeAll(async () => {
  const { ownerDatabaseUrl } = await ownDatabase()
  owner = new pg.Client({ connectionString: ownerDatabaseUrl })
  await owner.connect()
  await owner.query(`CREATE DATABASE ${name}`)
  client = new pg.Client({
    connectionString: Object.assign(new URL(ownerDatabaseUrl), { pathname: `/${name}` }).href,
  })
  await client.connect()
  for (const { name: folder, sql } of await listMigrations()) {
    if (folder.endsWith('_groups_of_issuers')) {
      migration = sql
      break
    }
    await client.query(sql)
  }
})
afterAll(async () => {
  await client.end()
  await owner.query(`DROP DATABASE ${name}`)
  await owner.end()
})

test('each existing grant to a group gets the provider at which it was given, as far as that is known', async () => {
  const giverThen = await person(former, { groups: ['moved'], ageDays: 9 })
  await person(former, { groups: ['mixed', 'even'], ageDays: 9 })
  await person(present, { groups: ['mixed', 'even', 'moved'], ageDays: 3 })
  const giverNow = await person(present, { groups: ['mixed', 'moved'], ageDays: 1 })
  const cluster = randomUUID()
  const space = randomUUID()
  await rows(`INSERT INTO cluster (id, name) VALUES ($1, 'default')`, [cluster])
  await rows(
    `INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id) VALUES ($1, $2, 's', 's', 'x', 'S', $3)`,
    [space, cluster, giverThen],
  )
  const grant = (principal: { group: string } | { user: string }, by: string | null, removed = false) =>
    rows(
      `INSERT INTO space_grant (id, space_id, "group", user_id, role, starts_at, created_by_id, removed_at)
       VALUES (gen_random_uuid(), $1, $2, $3, 'viewer', now(), $4, $5)`,
      [
        space,
        'group' in principal ? principal.group : null,
        'user' in principal ? principal.user : null,
        by,
        removed ? new Date() : null,
      ],
    )
  await grant({ group: 'moved' }, giverThen)
  await grant({ group: 'nobody-yet' }, giverThen)
  await grant({ group: 'new' }, giverNow)
  await grant({ group: 'gone' }, giverThen, true)
  await grant({ group: 'mixed' }, null)
  await grant({ group: 'even' }, randomUUID())
  await grant({ group: 'unknown' }, null)
  await grant({ user: giverNow }, giverThen)

  await client.query(migration)

  expect(await rows(`SELECT "group", group_issuer AS issuer FROM space_grant ORDER BY "group"`)).toEqual([
    { group: 'even', issuer: 'https://present.example/realms/main' },
    { group: 'gone', issuer: former },
    { group: 'mixed', issuer: 'https://present.example/realms/main' },
    { group: 'moved', issuer: former },
    { group: 'new', issuer: 'https://present.example/realms/main' },
    { group: 'nobody-yet', issuer: former },
    { group: 'unknown', issuer: 'https://present.example/realms/main' },
    { group: null, issuer: null },
  ])

  const another = (issuer: string | null) =>
    rows(
      `INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at) VALUES (gen_random_uuid(), $1, 'moved', $2, 'viewer', now())`,
      [space, issuer],
    )
  await expect(another(former)).rejects.toThrow(/space_grant_group_key/)
  for (const issuer of [null, '', `${former}/`]) await expect(another(issuer)).rejects.toThrow(/has_issuer/)
  await another('https://present.example/realms/main')
})
