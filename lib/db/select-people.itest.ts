import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ownDatabase } from '#dev/testing/own-database.ts'
import { findPerson } from './find-person.ts'
import { createPool, type Pool } from './pool.ts'
import { countCredentials, selectAllCredentials } from './select-all-credentials.ts'
import { selectGrantsOfPerson } from './select-grants-of-person.ts'
import { selectOwnedSpaces } from './select-owned-spaces.ts'
import { selectPeople } from './select-people.ts'
import { selectSignIns } from './select-sign-ins.ts'

/** An installation as large as the pages under /admin are made for. */
const seed = `
INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING;
INSERT INTO user_account (id, issuer, subject, handle, name, email, last_sign_in_at)
  SELECT gen_random_uuid(), 'https://issuer.test', n::text, 'person' || n || '-' || lpad(to_hex(n), 6, '0'), 'Person ' || md5(n::text),
    'person' || n || '@example.com', now() - make_interval(days => n % 120) FROM generate_series(1, 10000) n;
INSERT INTO user_group (user_id, "group") SELECT id, 'group-' || (subject::int % 100) FROM user_account;
INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status)
  SELECT gen_random_uuid(), c.id, 'space-' || u.subject, 'space-' || u.subject, 'x', 'S', u.id, 'ready' FROM user_account u, cluster c;
INSERT INTO space_grant (id, space_id, user_id, role, starts_at)
  SELECT gen_random_uuid(), s.id, u.id, 'viewer', now() FROM space s
    JOIN user_account u ON s.name IN ('space-' || (u.subject::int + 1), 'space-' || (u.subject::int + 2));
INSERT INTO space_grant (id, space_id, "group", group_issuer, role, starts_at)
  SELECT gen_random_uuid(), s.id, 'group-' || (substr(s.name, 7)::int % 100), 'https://issuer.test', 'viewer', now() FROM space s
    WHERE substr(s.name, 7)::int <= 2000;
INSERT INTO credential (id, user_id, space_id, token_hash, created_at, ends_at, last_used_at, revoked_at)
  SELECT gen_random_uuid(), u.id, s.id, sha256((u.subject || '-' || n)::bytea), now() - make_interval(hours => n * 100),
    now() + make_interval(hours => n * 24 - 60), now() - make_interval(hours => n), CASE WHEN n = 5 THEN now() END
  FROM user_account u JOIN space s ON s.owner_id = u.id, generate_series(1, 5) n;
INSERT INTO audit_event (id, action, at, actor_kind, actor_id, target_kind, observer, destination, outcome)
  SELECT gen_random_uuid(), CASE WHEN n = 1 THEN 'session.sign-in' ELSE 'kubectl.get' END, now(), 'user', u.id, 'x', 'web/test', 'portal', 'ok'
  FROM user_account u, generate_series(1, 20) n;
ANALYZE;`

let pool: Pool
let owner: pg.Client
let person: { id: string; handle: string }
beforeAll(async () => {
  const database = await ownDatabase()
  owner = new pg.Client({ connectionString: database.ownerDatabaseUrl })
  await owner.connect()
  await owner.query(seed)
  pool = createPool(database.databaseUrls.web, { process: 'web', max: 2, applicationName: 'test' }, () => {})
  const { rows } = await owner.query(`SELECT id, handle FROM user_account WHERE subject = '5000'`)
  person = rows[0]
}, 300_000)
afterAll(async () => {
  await pool?.end()
  await owner?.end()
})

const at = new Date()
const limit = 51

/** What the pages read, each with how many rows it finds. */
const reads: Record<string, [() => Promise<unknown[]>, number]> = {
  'the first page of people': [() => selectPeople(pool, {}, { at, limit }), limit],
  'a later page of people': [() => selectPeople(pool, { after: person.handle }, { at, limit }), limit],
  'people by part of a name': [() => selectPeople(pool, { search: 'person500' }, { at, limit }), 11],
  'people by text that nobody has': [() => selectPeople(pool, { search: 'nobody like this' }, { at, limit }), 0],
  'people of a group': [() => selectPeople(pool, { group: 'group-7' }, { at, limit }), limit],
  'deactivated people, of whom there are none': [() => selectPeople(pool, { state: 'deactivated' }, { at, limit }), 0],
  'people not seen for 90 days, of whom there are none': [
    () => selectPeople(pool, { state: 'unseen-90' }, { at, limit }),
    0,
  ],
  'one person': [
    async () => [await findPerson(pool, person.handle, { at, idleSince: new Date(at.getTime() - 3_600_000) })],
    1,
  ],
  'a person’s sign-ins': [() => selectSignIns(pool, person.id, 21), 1],
  'a person’s spaces': [() => selectOwnedSpaces(pool, person.id, 21), 1],
  'a person’s roles': [() => selectGrantsOfPerson(pool, person.id, at, 21), 21],
  'the first page of credentials': [() => selectAllCredentials(pool, {}, { at, limit }), limit],
  'credentials of a person': [() => selectAllCredentials(pool, { person: person.handle }, { at, limit }), 2],
  'credentials of a space': [() => selectAllCredentials(pool, { space: 'space-5000' }, { at, limit }), 2],
  'credentials unused for a year': [() => selectAllCredentials(pool, { unusedFor: 365 }, { at, limit }), 0],
  'the count of credentials': [async () => [await countCredentials(pool, {}, { at, bound: 5_001 })], 1],
}

test.each(Object.entries(reads))('with 10,000 people, %s takes milliseconds', async (name, [read, count]) => {
  expect(await read()).toHaveLength(count)
  const times: number[] = []
  for (let round = 0; round < 5; round++) {
    const started = performance.now()
    await read()
    times.push(performance.now() - started)
  }
  const fastest = Math.min(...times)
  console.info(`${name}: ${fastest.toFixed(1)} ms`)
  // The page has 200 ms; a scan of everything for each row takes seconds.
  expect(fastest).toBeLessThan(200)
})
