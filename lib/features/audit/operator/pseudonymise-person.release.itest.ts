import { createHash, randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase, type TestDatabase } from '#dev/testing/database/own-database.ts'
import { savePerson } from '#lib/auth/db/save-person.ts'
import { describeFinding } from '#lib/features/audit/chain/finding.ts'
import { verifyChain } from '#lib/features/audit/chain/verify-chain.ts'
import { readTrailParts } from '#lib/features/audit/db/chain/read-trail-parts.ts'
import { removeOwnRows } from '#lib/features/audit/db/pseudonymise-person.ts'
import { createDb } from '#lib/kernel/db/client.ts'
import { createPool, type Pool } from '#lib/kernel/db/pool.ts'
import { pseudonymisePerson } from './pseudonymise-person.ts'

let database: TestDatabase
let owner: pg.Pool
let archiver: Pool
let login: Awaited<ReturnType<typeof memberLogin>>

beforeAll(async () => {
  database = await ownDatabase()
  owner = new pg.Pool({ connectionString: database.ownerDatabaseUrl, max: 2 })
  login = await memberLogin(database.ownerDatabaseUrl, 'spaceport_archiver')
  archiver = createPool(login.url, { process: 'archiver', max: 1, applicationName: 'test' })
  await owner.query(`INSERT INTO cluster (id, name) VALUES (gen_random_uuid(), 'default') ON CONFLICT DO NOTHING`)
})
afterAll(async () => {
  await Promise.all([archiver?.end(), owner?.end()])
  await login?.remove()
})

const issuer = 'https://issuer.test'

type Someone = { id: string; handle: string; name: string; email: string; subject: string }

async function makePerson(name: string, given: { deactivated?: boolean } = {}): Promise<Someone> {
  const id = randomUUID()
  const slug = name.toLowerCase().replace(/[^a-z]+/g, '-')
  const person = {
    id,
    handle: `${slug}-${id.slice(0, 6)}`,
    name,
    email: `${slug}.${id.slice(0, 4)}@example.com`,
    subject: `sub-${id}`,
  }
  await owner.query(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, deactivated_at, deactivation_reason, admin_reason, left_out_groups)
     VALUES ($1, $2, $3, $4, $5, $6, CASE WHEN $7 THEN now() END, CASE WHEN $7 THEN 'left: ' || $5 END, 'because of ' || $4, ARRAY[$6])`,
    [id, issuer, person.subject, person.handle, name, person.email, given.deactivated ?? false],
  )
  return person
}

const namedBefore = ({ id }: Someone) => `Zoe ${id.slice(0, 8)}`

/** The trail's rows for a complete certificate. */
const sayOffboarded = ({ id, handle }: Someone) =>
  owner.query(`
    INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination)
      VALUES (gen_random_uuid(), 'person.offboard', now(), 'user', 'person', '${id}', '${handle}', 'web/x', 'portal');
    INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome)
      VALUES (gen_random_uuid(), 'offboarding.complete', now(), 'system', 'person', '${id}', '${handle}', 'worker/x', 'portal', 'ok')`)

/** A person who left, with copies of their data in every table that can have some. */
async function makeDepartingUser(name: string, other: Someone, certificate = true): Promise<Someone> {
  const p = await makePerson(name, { deactivated: true })
  const said = `${p.name} (${p.handle}), once ${namedBefore(p)}, ${p.email.toUpperCase()}`
  const json = JSON.stringify({ to: p.handle, [p.handle]: [said, { mail: p.email, n: 1, none: null }] })
  const [space, event, theirs, review] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()]
  const text = `{"person":{"handle":"${p.handle}","name":${JSON.stringify(p.name)},"subject":"${p.subject}"}}`
  await owner.query(`
    INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended, completed_at, certificate, certificate_hash)
      SELECT gen_random_uuid(), '${p.id}', '${other.id}', ${pg.escapeLiteral(said)}, now(), '{}',
        ${certificate ? `now(), ${pg.escapeLiteral(text)}, '${createHash('sha256').update(text).digest('hex')}'` : 'NULL, NULL, NULL'};
    INSERT INTO session (id, token_hash, user_id, expires_at, source_address, user_agent) VALUES (gen_random_uuid(), '\\x${p.id.replaceAll('-', '')}', '${p.id}', now(), '192.0.2.77', 'agent 77');
    INSERT INTO user_group (user_id, "group") VALUES ('${p.id}', 'g');
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, description, failure_message)
      SELECT '${space}', c.id, 's-${space.slice(0, 8)}', 's-${space.slice(0, 8)}', 'x', 'S', '${other.id}', 'ready', ${pg.escapeLiteral(said)}, ${pg.escapeLiteral(said)} FROM cluster c WHERE c.name = 'default';
    INSERT INTO space_use (space_id, user_id, last_used_at) VALUES ('${space}', '${p.id}', now());
    INSERT INTO credential (id, user_id, name, token_hash, ends_at, revoked_at) VALUES (gen_random_uuid(), '${p.id}', ${pg.escapeLiteral(said)}, '\\x${p.id.replaceAll('-', '')}', now(), now());
    INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, decision_reason, state, expires_at)
      SELECT gen_random_uuid(), 'space', '${p.id}', c.id, ${pg.escapeLiteral(JSON.stringify({ kind: 'space', name: 'kept-name', description: said }))}, 'x', ${pg.escapeLiteral(said)}, ${pg.escapeLiteral(said)}, 'denied', now() FROM cluster c WHERE c.name = 'default';
    INSERT INTO space_offer (id, space_id, from_id, to_id, by_id, reason, state, created_at, expires_at) VALUES (gen_random_uuid(), '${space}', '${other.id}', '${p.id}', '${other.id}', ${pg.escapeLiteral(said)}, 'withdrawn', now(), now());
    INSERT INTO inbox_event (id, user_id, kind, data, created_at) VALUES ('${event}', '${other.id}', 'x', ${pg.escapeLiteral(json)}, now()), ('${theirs}', '${p.id}', 'x', '{}', now());
    INSERT INTO mail_delivery (id, event_id, next_attempt_at, last_error, created_at) VALUES (gen_random_uuid(), '${event}', now(), ${pg.escapeLiteral(said)}, now()), (gen_random_uuid(), '${theirs}', now(), NULL, now());
    INSERT INTO webhook (user_id, format, host, encrypted_url, encrypted_secret, choices, created_at) VALUES ('${p.id}', 'slack', 'x', 'x', 'x', '{}', now());
    INSERT INTO saved_filter (id, person_id, list, name, query, created_at) VALUES (gen_random_uuid(), '${p.id}', 'trail', 'mine', '{"person": "bob"}', now()),
      (gen_random_uuid(), '${other.id}', 'trail', ${pg.escapeLiteral(said)}, ${pg.escapeLiteral(JSON.stringify({ person: p.handle, text: p.email }))}, now());
    INSERT INTO scim_user (id, user_id, user_name, display_name, attributes, created_at, modified_at)
      VALUES (gen_random_uuid(), '${p.id}', '${p.email}', ${pg.escapeLiteral(p.name)}, ${pg.escapeLiteral(JSON.stringify({ emails: [{ value: `alias.${p.email}` }] }))}, now(), now());
    INSERT INTO policy_version (number, rules, reason, author_id, created_at) SELECT coalesce(max(number), 0) + 1, '{}', ${pg.escapeLiteral(said)}, '${other.id}', now() FROM policy_version;
    INSERT INTO review (id, name, scope, undecided, created_at, due_at) VALUES ('${review}', ${pg.escapeLiteral(`DepartingUsers: ${p.name}`)}, '{}', 'keep', now(), now());
    INSERT INTO review_line (id, review_id, kind, state, cluster, space_name, user_id, holder, holder_name, handles, role, given_by, reason, binding)
      VALUES (gen_random_uuid(), '${review}', 'grant', 'kept', 'default', 'x', '${p.id}', '${p.handle}', ${pg.escapeLiteral(p.name)}, ARRAY['${p.handle}'], 'viewer', '${p.handle}', ${pg.escapeLiteral(said)}, ${pg.escapeLiteral(json)});
    INSERT INTO review_report (review_id, number, text) VALUES ('${review}', 0, ${pg.escapeLiteral(json)});
    UPDATE review SET state = 'closed', report_hash = 'x', closed_at = now() WHERE id = '${review}';
    INSERT INTO direct_access (space_id, user_name, credential, credential_id, first_seen_at, last_seen_at, last_address, last_request)
      VALUES ('${space}', '${p.email}', 'token', 'x', now(), now(), '192.0.2.77', 'x'), ('${space}', '${other.email}', 'token', 'x', now(), now(), '192.0.2.1', 'x');
    INSERT INTO cluster_reading (cluster_id, exempt) SELECT id, ARRAY[${pg.escapeLiteral(`User ${said}`)}] FROM cluster WHERE name = 'default'
      ON CONFLICT (cluster_id) DO UPDATE SET exempt = cluster_reading.exempt || EXCLUDED.exempt;
    INSERT INTO rate_limit (key, points, expire) VALUES ('trail-export-download:${p.id}', 1, 0);
    INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_name, observer, source_address, user_agent, destination, outcome, detail)
      SELECT gen_random_uuid(), 'session.sign-in', now(), 'user', '${p.id}', '${p.handle}', CASE n WHEN 1 THEN '${namedBefore(p)}' ELSE ${pg.escapeLiteral(p.name)} END, 'session', NULL, 'web/x', '192.0.2.77', 'agent 77', 'portal', 'ok', '{"groups": ["g"]}' FROM generate_series(1, 3) n;
    INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id, target_name, observer, source_address, destination, outcome, detail)
      VALUES (gen_random_uuid(), 'person.deactivate', now(), 'user', '${other.id}', '${other.handle}', ${pg.escapeLiteral(other.name)}, 'person', '${p.id}', '${p.handle}', 'web/x', '192.0.2.1', 'portal', 'ok', '{}'),
        (gen_random_uuid(), 'grant.add', now(), 'user', '${other.id}', '${other.handle}', ${pg.escapeLiteral(other.name)}, 'grant', '${randomUUID()}', ${pg.escapeLiteral(said)}, 'web/x', '192.0.2.1', 'portal', 'ok', ${pg.escapeLiteral(json)});`)
  if (certificate) await sayOffboarded(p)
  await owner.query('SELECT seal_trail(10000)')
  return p
}

const quiet = { host: 'test-host', dryRun: false, report: () => {} }

/** @returns where the database still has one of the texts, in any column of any table, as `table: how many rows` */
async function tracesOf(...texts: string[]): Promise<string[]> {
  const tables = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY 1`,
  )
  expect(tables.rows.length).toBeGreaterThan(30)
  const found: string[] = []
  // The worker does this every few seconds.
  for (;;) if ((await owner.query<{ done: number }>('SELECT index_trail(1000) AS done')).rows[0]?.done === 0) break
  for (const { name } of tables.rows) {
    const { rows } = await owner.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "${name}" t WHERE EXISTS (SELECT FROM unnest($1::text[]) x WHERE strpos(lower(t::text), lower(x)) > 0
        OR strpos(lower(replace(to_jsonb(t)::text, '\\"', '"')), lower(x)) > 0)`,
      [texts],
    )
    if (rows[0]?.n) found.push(`${name}: ${rows[0].n}`)
  }
  return found
}

/** @returns the seqs of sealed rows with a hash that doesn't match their block */
async function brokenRows(): Promise<string[]> {
  const { rows } = await owner.query<{ seq: string }>(`
    SELECT e.seq FROM audit_block b, unnest(b.seqs) WITH ORDINALITY u(seq, i) JOIN audit_event e ON e.seq = u.seq
    WHERE substring(b.row_hashes FROM (32 * (i - 1) + 1)::int FOR 32) <> trail_row_hash(e)`)
  return rows.map(({ seq }) => seq)
}

test('afterwards, no column of any table has the name, an earlier name, the address, the handle or the subject', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Alice "Al" O\'Hara', other)
  const texts = [p.name, namedBefore(p), p.email, p.handle, p.subject, '192.0.2.77', 'agent 77']
  expect((await tracesOf(...texts)).length).toBeGreaterThan(12)
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  expect(pseudonym).toMatch(/^former-[0-9a-f]{10}$/)
  expect(await tracesOf(...texts)).toEqual([])

  // Data of others is unchanged, and references to the person point to the pseudonym.
  const { rows } = await owner.query(
    `SELECT u.handle, u.name, o.certificate, o.pseudonymised_at IS NOT NULL AS said, r.payload, v.pseudonymised_at IS NOT NULL AS "reportSaid", l.holder, l.handles, i.data
     FROM user_account u JOIN offboarding o ON o.person_id = u.id JOIN request r ON r.requester_id = u.id
       JOIN review_line l ON l.user_id = u.id JOIN review v ON v.id = l.review_id, inbox_event i
     WHERE u.id = $1 AND i.user_id = $2`,
    [p.id, other.id],
  )
  expect(rows).toMatchObject([
    {
      handle: pseudonym,
      name: 'Former person',
      certificate: `{"person":{"handle":"${pseudonym}","name":"Former person","subject":"pseudonymised"}}`,
      said: true,
      reportSaid: true,
      holder: pseudonym,
      handles: [pseudonym],
      payload: { kind: 'space', name: 'kept-name' },
      data: { to: pseudonym, [`${pseudonym}`]: [expect.stringContaining('Former person'), { n: 1, none: null }] },
    },
  ])
  const theirs = await owner.query(`SELECT actor_name, source_address FROM audit_event WHERE actor_id = $1`, [other.id])
  expect(theirs.rows).toEqual(Array(2).fill({ actor_name: 'Bob Example', source_address: '192.0.2.1' }))
})

test('the chain stays intact, and the trail records which rows were changed, and by which login', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Carla Chain', other)
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  await owner.query('SELECT seal_trail(10000)')
  expect(await brokenRows()).toEqual([])
  const { rows } = await owner.query(
    `SELECT action, outcome, target_name, observer, detail FROM audit_event WHERE target_id = $1 AND action LIKE 'person.pseudonymise%' ORDER BY seq`,
    [p.id],
  )
  const changed = await owner.query<{ seq: string; hash: string }>(
    `SELECT seq, trail_replacement_hash(personal_hash, actor_handle, actor_name, target_name, source_address, user_agent, detail) AS hash FROM audit_event WHERE personal_hash IS NOT NULL AND (actor_id = $1 OR target_id = $1::text OR detail::text ~ $2) AND action NOT LIKE 'person.pseudonymise%' ORDER BY seq`,
    [p.id, pseudonym],
  )
  expect(changed.rows).toHaveLength(7)
  const loginName = new URL(login.url).username
  const same = { target_name: pseudonym, observer: 'command/test-host' }
  expect(rows).toMatchObject([
    { ...same, action: 'person.pseudonymise', outcome: null, detail: { login: loginName } },
    {
      ...same,
      action: 'person.pseudonymise-rows',
      outcome: 'ok',
      detail: { of: expect.any(String), rows: Object.fromEntries(changed.rows.map(({ seq, hash }) => [seq, hash])) },
    },
    { ...same, action: 'person.pseudonymise', outcome: 'ok', detail: { login: loginName } },
  ])
})

test('a row with two people can be pseudonymised twice, and its hash stays valid', async () => {
  const [other, q] = [await makePerson('Bob Example'), await makePerson('Dana Double', { deactivated: true })]
  const p = await makeDepartingUser('Erik Double-Jones', other)
  await owner.query(
    `INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended, completed_at, certificate, certificate_hash) VALUES (gen_random_uuid(), $1, $2, 'x', now(), '{}', now(), '{}', 'x')`,
    [q.id, other.id],
  )
  await sayOffboarded(q)
  const both = await owner.query<{ seq: string }>(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id, target_name, observer, destination, outcome)
     VALUES (gen_random_uuid(), 'person.deactivate', now(), 'user', $1, $2, 'Dana Double', 'person', $3, $4, 'web/x', 'portal', 'ok') RETURNING seq`,
    [q.id, q.handle, p.id, p.handle],
  )
  await owner.query('SELECT seal_trail(10000)')
  const first = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const second = await pseudonymisePerson(archiver, { ...quiet, handle: q.handle })
  const { rows } = await owner.query(`SELECT actor_handle, target_name, salt FROM audit_event WHERE seq = $1`, [
    both.rows[0]?.seq,
  ])
  expect(rows).toEqual([{ actor_handle: second, target_name: first, salt: null }])
  expect(await brokenRows()).toEqual([])
})

test('a dry run counts the rows of each table, and changes nothing', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Fay Dry', other)
  const before = await tracesOf(p.name, p.handle, p.email)
  const reported = new Map<string, number>()
  const report = (table: string, rows: number) => reported.set(table, rows)
  expect(await pseudonymisePerson(archiver, { ...quiet, dryRun: true, handle: p.handle, report })).toBe(null)
  expect(await tracesOf(p.name, p.handle, p.email)).toEqual(before)
  expect(Object.fromEntries(reported)).toMatchObject({
    session: 1,
    request: 1,
    review_report: 1,
    inbox_event: 1,
    credential: 1,
  })
  const done = new Map<string, number>()
  await pseudonymisePerson(archiver, { ...quiet, handle: p.handle, report: (table, rows) => done.set(table, rows) })
  expect(done).toEqual(reported)
})

test('their saved items are removed; in others’ filters the pseudonym takes their place, even if names then repeat', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Filip Saved', other)
  for (const name of [`About ${p.name}`, `About ${p.name.toUpperCase()}`, 'Filip Saved, '.repeat(4)])
    await owner.query(
      `INSERT INTO saved_filter (id, person_id, list, name, query, created_at) VALUES (gen_random_uuid(), $1, 'people', $2, $3, now())`,
      [other.id, name, { search: p.name }],
    )
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const { rows } = await owner.query(
    `SELECT person_id, list, name, query FROM saved_filter WHERE person_id IN ($1, $2) ORDER BY list, length(name)`,
    [p.id, other.id],
  )
  const theirs = { person_id: other.id, list: 'people', query: { search: 'Former person' } }
  expect(rows).toMatchObject([
    { person_id: other.id, list: 'trail', query: { person: pseudonym } },
    { ...theirs, name: 'About Former person' },
    { ...theirs, name: 'About Former person' },
    { ...theirs, name: 'Former person, '.repeat(4) },
  ])
})

test('the next run completes a run that was interrupted at any point', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Gil Interrupted', other)
  for (const after of [1, 3, 7, 12]) {
    let steps = 0
    const dying = new Proxy(archiver, {
      get: (pool, key) =>
        key === 'query'
          ? (...args: unknown[]) => {
              if (++steps > after) throw new Error('killed')
              return Reflect.apply(pool.query, pool, args)
            }
          : Reflect.get(pool, key),
    })
    await expect(pseudonymisePerson(dying, { ...quiet, handle: p.handle })).rejects.toThrow('killed')
  }
  expect(await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })).toMatch(/^former-/)
  expect(await tracesOf(p.name, namedBefore(p), p.email, p.handle)).toEqual([])
  const { rows } = await owner.query(
    `SELECT count(*)::int AS n, count(terms)::int AS kept FROM pseudonym WHERE person_id = $1`,
    [p.id],
  )
  expect(rows).toEqual([{ n: 1, kept: 0 }])
})

test('a name that another person has too stays in texts', async () => {
  const other = await makePerson('Anna Maria Same')
  const p = await makeDepartingUser('Maria Same', other)
  await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  expect(await tracesOf(p.email, p.handle, p.subject)).toEqual([])
  const { rows } = await owner.query(`SELECT name FROM user_account WHERE id = $1`, [other.id])
  expect(rows).toEqual([{ name: 'Anna Maria Same' }])
})

/** Runs a callback before one step of a run. */
const beforeStep = (step: string, run: () => Promise<unknown>): Pool => {
  let ran = false
  return new Proxy(archiver, {
    get: (pool, key) =>
      key === 'query'
        ? async (...args: unknown[]) => {
            if (!ran && String(args[0]).includes(step)) {
              ran = true
              await run()
            }
            return Reflect.apply(pool.query, pool, args)
          }
        : Reflect.get(pool, key),
  })
}

/** What others write about a person, in tables of each kind. */
const writeAbout = (p: Someone, other: Someone) =>
  owner.query(
    `WITH event AS (INSERT INTO inbox_event (id, user_id, kind, data, created_at) VALUES (gen_random_uuid(), $2, 'x', jsonb_build_object('by', $3::text, 'name', $4::text), now())),
      file AS (INSERT INTO trail_export (id, person_id, format, filter, created_at, finished_at, state) VALUES (gen_random_uuid(), $2, 'csv', '{}', now(), now(), 'done') RETURNING id),
      part AS (INSERT INTO trail_export_part (export_id, number, start, bytes) SELECT id, 0, 0, convert_to($4, 'UTF8') FROM file)
    INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_id, target_name, observer, destination, outcome, detail)
      VALUES (gen_random_uuid(), 'person.deactivate', now(), 'user', $2, $5, $6, 'person', $1, $3, 'web/x', 'portal', 'ok', jsonb_build_object('name', $4::text))`,
    [p.id, other.id, p.handle, p.name, other.handle, other.name],
  )

test.each(['FROM pseudonym_tables()', 'rename_to_pseudonym', 'finish_pseudonym'])(
  'data written during the run has no name either: before %s',
  async (step) => {
    const other = await makePerson('Bob Example')
    const p = await makeDepartingUser('Lea Meanwhile', other)
    if (step !== 'finish_pseudonym') {
      await pseudonymisePerson(
        beforeStep(step, () => writeAbout(p, other)),
        { ...quiet, handle: p.handle },
      )
    } else {
      // It is killed before its last step. The operator only knows the old handle.
      const killed = beforeStep(step, () => Promise.reject(new Error('killed')))
      await expect(pseudonymisePerson(killed, { ...quiet, handle: p.handle })).rejects.toThrow('killed')
      await writeAbout(p, other)
      await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
    }
    await owner.query('SELECT seal_trail(10000)')
    expect(await tracesOf(p.name, p.email, p.handle)).toEqual([])
    expect((await owner.query('SELECT FROM trail_export')).rows).toEqual([])
    expect(await brokenRows()).toEqual([])
  },
)

test('a person with a pseudonym gets no second one, and a run that didn’t rename the account can’t be finished', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Moe Twice', other)
  await archiver.query('SELECT begin_pseudonym($1, $2)', [p.handle, 'test-host'])
  await expect(archiver.query('SELECT finish_pseudonym($1, $2)', [p.handle, 'test-host'])).rejects.toThrow(
    /its name yet/,
  )
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const again = { ...quiet, handle: pseudonym ?? '' }
  await expect(pseudonymisePerson(archiver, again)).rejects.toThrow(/have a pseudonym already/)
  await expect(pseudonymisePerson(archiver, { ...quiet, handle: p.handle })).rejects.toThrow(/no one has the handle/)
  const { rows } = await owner.query('SELECT handle, name FROM user_account WHERE id = $1', [p.id])
  expect(rows).toEqual([{ handle: pseudonym, name: 'Former person' }])
})

test('a shared name doesn’t reveal the pseudonym’s owner, and its other owner keeps it', async () => {
  const other = await makePerson('Nia Common')
  const p = await makeDepartingUser('Nia Common', other)
  await owner.query(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at) VALUES (gen_random_uuid(), $1, 'y', '{"name": "Nia Common"}', now())`,
    [other.id],
  )
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const tables = await owner.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname NOT LIKE 'audit_words%'`,
  )
  const linked: string[] = []
  for (const { name } of tables.rows) {
    const { rows } = await owner.query(
      `SELECT FROM "${name}" t WHERE t::text ILIKE '%Nia Common%' AND (t::text LIKE $1 OR t::text LIKE $2)
        AND NOT (to_jsonb(t) ->> 'actor_id' IS NOT DISTINCT FROM $3)`,
      [`%${pseudonym}%`, `%${p.id}%`, other.id],
    )
    if (rows.length > 0) linked.push(name)
  }
  expect(linked).toEqual([])
  const theirs = await owner.query(
    `SELECT (SELECT name FROM user_account WHERE id = $1), (SELECT data FROM inbox_event WHERE user_id = $1 AND kind = 'y'),
      (SELECT array_agg(DISTINCT actor_name) FROM audit_event WHERE actor_id = $1) AS acted`,
    [other.id],
  )
  expect(theirs.rows).toEqual([{ name: 'Nia Common', data: { name: 'Nia Common' }, acted: ['Nia Common'] }])
})

test.each([
  ['王伟', '王伟的空间'],
  ['김철수', '김철수는 떠났다'],
  ['Jo', '{"holder":"Jo"}'],
  ['Ren\u00e9e \u00c5berg', 'for Rene\u0301e A\u030aberg.'],
  ['Rene\u0301e A\u030aberg', 'for Ren\u00e9e \u00c5berg.'],
])('the name %s is found in texts', async (name, text) => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser(name, other)
  const review = await owner.query<{ id: string }>(
    `INSERT INTO policy_version (number, rules, reason, author_id, created_at) SELECT max(number) + 1, '{}', $1, $2, now() FROM policy_version RETURNING number AS id`,
    [text, other.id],
  )
  await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const { rows } = await owner.query('SELECT reason FROM policy_version WHERE number = $1', [review.rows[0]?.id])
  expect(rows[0].reason).toContain('Former person')
  const held = await owner.query('SELECT holder_name FROM review_line WHERE user_id = $1', [p.id])
  expect(held.rows).toEqual([{ holder_name: 'Former person' }])
})

test('another person’s address that contains theirs is unchanged, and so are others’ rate limits', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Al Short', other)
  const kept = [`jean.${p.email}`, `jean-${p.email}`, `${p.email}.au`, `${p.email}-west.org`]
  const texts = [...kept, `(${p.email})`, `${p.email}.`, `mailto:${p.email}?x`]
  await owner.query('UPDATE user_account SET subject = $1 WHERE id = $2', ['in', p.id])
  await owner.query(`INSERT INTO rate_limit (key, points, expire) VALUES ('sign-in-failed:x', 1, 0)`)
  await owner.query(
    `INSERT INTO policy_version (number, rules, reason, author_id, created_at) SELECT max(number) + 1, '{}', $1, $2, now() FROM policy_version`,
    [texts.join(' | '), other.id],
  )
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const { rows } = await owner.query('SELECT reason FROM policy_version ORDER BY number DESC LIMIT 1')
  const put = `${pseudonym}@person.invalid`
  expect(rows).toEqual([{ reason: [...kept, `(${put})`, `${put}.`, `mailto:${put}?x`].join(' | ') }])
  expect((await owner.query(`SELECT key FROM rate_limit WHERE key = 'sign-in-failed:x'`)).rows).toHaveLength(1)
})

test('for a person identified by another claim, only hashes of it and of the sub remain, and either one finds them', async () => {
  const p = await makeDepartingUser('Olga Claim', await makePerson('Bob Example'))
  const sub = `oidc-sub-${p.id}`
  await owner.query(`UPDATE user_account SET subject_claim = 'oid', oidc_sub = $1 WHERE id = $2`, [sub, p.id])
  await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  expect(await tracesOf(p.subject, sub)).toEqual([])
  const db = createDb(database.databaseUrls.web, { process: 'web', max: 1, applicationName: 'test' })
  const signIn = (identity: { subject: string; subjectClaim: string; sub: string }) =>
    savePerson(
      db,
      {
        ...{ ...identity, issuer, name: 'Olga', email: p.email, emailUnverified: false, groups: [], leftOut: [] },
        ...{ platformRoleOf: () => 'member', listed: [], at: new Date() },
      },
      () => `olga-${randomUUID().slice(0, 6)}`,
      async () => {},
    )
  try {
    const cutOff = { id: p.id, deactivatedAt: expect.any(Date) }
    expect(await signIn({ subject: p.subject, subjectClaim: 'oid', sub: 'new' })).toMatchObject(cutOff)
    expect(await signIn({ subject: 'new', subjectClaim: 'oid', sub })).toMatchObject(cutOff)
    expect(await signIn({ subject: sub, subjectClaim: 'sub', sub })).toMatchObject(cutOff)
  } finally {
    await db.$disconnect()
  }
})

test('a deactivated person who signs in with the same subject stays deactivated until an admin reactivates them', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Hans Return', other)
  const pseudonym = await pseudonymisePerson(archiver, { ...quiet, handle: p.handle })
  const db = createDb(database.databaseUrls.web, { process: 'web', max: 1, applicationName: 'test' })
  try {
    const signIn = () =>
      savePerson(
        db,
        {
          issuer,
          subject: p.subject,
          name: 'Hans Return',
          email: p.email,
          emailUnverified: false,
          groups: [],
          leftOut: [],
          platformRoleOf: () => 'member',
          listed: [],
          at: new Date(),
        },
        () => `hans-${randomUUID().slice(0, 6)}`,
        async () => {},
      )
    expect(await signIn()).toMatchObject({
      id: p.id,
      handle: pseudonym,
      name: 'Former person',
      deactivatedAt: expect.any(Date),
    })
    await owner.query('UPDATE user_account SET deactivated_at = NULL WHERE id = $1', [p.id])
    expect(await signIn()).toMatchObject({ id: p.id, handle: pseudonym, name: 'Hans Return', deactivatedAt: null })
  } finally {
    await db.$disconnect()
  }
})

test('only offboarded people with a complete certificate are pseudonymised', async () => {
  const other = await makePerson('Ida Here')
  const open = await makeDepartingUser('Jon Open', other, false)
  for (const { handle } of [other, open]) {
    await expect(pseudonymisePerson(archiver, { ...quiet, handle })).rejects.toThrow(/offboarded first/)
    await expect(pseudonymisePerson(archiver, { ...quiet, dryRun: true, handle })).rejects.toThrow(/offboarded first/)
    await expect(removeOwnRows(archiver, handle, false)).rejects.toThrow(/offboarded first/)
  }
  await expect(pseudonymisePerson(archiver, { ...quiet, handle: 'nobody-000000' })).rejects.toThrow(
    /no one has the handle/,
  )
})

test.each([
  `UPDATE user_account SET name = 'x'`,
  `UPDATE audit_event SET actor_name = 'x', salt = NULL`,
  `DELETE FROM session`,
  `DELETE FROM pseudonym`,
  `SELECT name FROM user_account`,
  `SELECT terms FROM pseudonym`,
  `SET ROLE spaceport_pseudonymiser`,
  `SET ROLE spaceport_trail_owner`,
  `SELECT pseudonymise_trail('audit_event_before', gen_random_uuid(), 'x', '[]', 'x', 0, 1, NULL)`,
  `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, observer, destination) VALUES (gen_random_uuid(), 'x', now(), 'system', 'x', 'x', 'portal')`,
])('the archiver’s login can’t: %s', async (statement) => {
  await expect(archiver.query(statement)).rejects.toThrow(/permission denied/)
})

test.each(['web', 'worker', 'gateway'] as const)('the login of %s can’t pseudonymise anyone', async (process) => {
  const pool = createPool(database.databaseUrls[process], { process, max: 1, applicationName: 'test' })
  try {
    for (const statement of [
      `SELECT begin_pseudonym('x', 'x')`,
      `SELECT pseudonymise_pages('x', 'space', 0, false)`,
      `SELECT remove_own_rows('x', false)`,
      `SELECT rename_to_pseudonym('x')`,
      `SELECT finish_pseudonym('x', 'x')`,
      `SET ROLE spaceport_archiver`,
    ]) {
      await expect(pool.query(statement), statement).rejects.toThrow(/permission denied/)
    }
  } finally {
    await pool.end()
  }
})

/** Columns with names of things, or machine-written ones without people. */
const withoutPeople = [
  'access_change.subject',
  'audit_archive.login',
  'audit_archive.runs',
  'audit_checkpoint.key_id',
  'audit_checkpoint.statement',
  'audit_key.key_id',
  'audit_key.public_key',
  'audit_turn.name',
  'cluster.fence_faults',
  'cluster_audit_counted.key',
  'cluster.name',
  'cluster_reading.failure',
  'cluster_reading.nodes',
  'cluster_reading.version',
  'credential.token_start',
  'identity_provider.issuer',
  'inbox_event.dedupe_key',
  'inbox_event.kind',
  'offboarding.certificate_hash',
  'offboarding_cluster.after',
  'offboarding_cluster.failure_code',
  'policy_version.rules',
  'pseudonym.handle',
  'request.payload_hash',
  'request_approval.payload_hash',
  'review.report_hash',
  'review_cluster.after',
  'review_cluster.failure_code',
  'review_line.cluster',
  'review_line.group',
  'review_line.group_issuer',
  'review_line.role',
  'review_line.space_name',
  'review_line.to_role',
  'review_line.was_role',
  'scim_group.display_name',
  'scim_group.external_id',
  'scim_group.issuer',
  'scim_token.last_used_address',
  'break_glass_code.source_address',
  'space.creation',
  'space.declared_done',
  'space.declared_namespace',
  'space.declared_uid',
  'space.failure_code',
  'space.name',
  'space.namespace',
  'space.namespace_uid',
  'space_grant.group',
  'space_grant.group_issuer',
  'space_health.problem',
  'space_health.state',
  'space_usage.usage',
  'trail_check.findings',
  'trail_check.result',
  'trail_delivery.host',
  'trail_delivery.last_error',
  'trail_delivery.sink',
  'user_account.issuer',
]
/** These columns become rows of the trail within two minutes. */
const passing = ['cluster_audit_counted.row']
/** Tables with removed rows, and columns that the last steps handle. */
const ofTheirOwn =
  /^(?:session|user_group|scim_user|webhook|rate_limit|direct_access|trail_export|credential_use)\.|^user_account\.|^pseudonym\.(?:terms|was)$/

test('every text column is either searched or known to hold nothing about people', async () => {
  const { rows } = await owner.query<{ name: string }>(`
    SELECT c.relname || '.' || a.attname AS name FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND a.attnum > 0 AND NOT a.attisdropped
      AND a.atttypid IN ('text'::regtype, 'varchar'::regtype, 'json'::regtype, 'jsonb'::regtype, 'text[]'::regtype, 'varchar[]'::regtype)
      AND c.relname NOT IN ('audit_event', '_prisma_migrations')
      AND NOT EXISTS (SELECT FROM pseudonym_columns() p WHERE p.of_table = c.relname AND p.of_column = a.attname) ORDER BY 1`)
  const others = rows.map(({ name }) => name).filter((name) => ![...withoutPeople, ...passing].includes(name))
  expect(others.filter((name) => !ofTheirOwn.test(name))).toEqual([])
})

test('a reactivated person gets no pseudonym, and the verifier accounts for every pseudonym above', async () => {
  const other = await makePerson('Bob Example')
  const p = await makeDepartingUser('Uma Returned', other)
  await owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, target_name, observer, destination, outcome)
     VALUES (gen_random_uuid(), 'person.reactivate', now(), 'user', 'person', $1, $2, 'web/x', 'portal', 'ok')`,
    [p.id, p.handle],
  )
  await expect(pseudonymisePerson(archiver, { ...quiet, handle: p.handle })).rejects.toThrow(/reactivated since/)
  // No outcome reverts that.
  await owner.query(
    `INSERT INTO audit_event (id, intent_id, action, at, actor_kind, target_kind, observer, destination, outcome)
     SELECT gen_random_uuid(), id, 'kubectl.get', now(), 'user', 'person', 'gateway/x', 'portal', 'failed'
     FROM audit_event WHERE action = 'person.reactivate' AND target_id = $1::text AND intent_id IS NULL`,
    [p.id],
  )
  await expect(pseudonymisePerson(archiver, { ...quiet, handle: p.handle })).rejects.toThrow(/reactivated since/)
  // Everyone who acted had signed in.
  await owner.query(
    `INSERT INTO audit_event (id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, observer, destination, outcome)
     SELECT gen_random_uuid(), 'session.sign-in', now(), 'user', id, handle, name, 'session', 'web/x', 'portal', 'ok' FROM user_account`,
  )
  await owner.query('SELECT seal_trail(100000)')
  const findings: string[] = []
  let pseudonymised = 0
  for await (const event of verifyChain(readTrailParts(archiver))) {
    if (event.kind === 'finding') findings.push(describeFinding(event.finding))
    if (event.kind === 'done') pseudonymised = event.summary.pseudonymised
    if (event.kind === 'done') expect(event.summary.notes).toEqual([])
  }
  expect(findings).toEqual([])
  expect(pseudonymised).toBeGreaterThan(50)
})
