/**
 * An ended right stays ended, whichever process's database login an attacker holds (ADR 39). Each column that could
 * record the end of a right is tested here with every login, or listed as an exception.
 */
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { memberLogin } from '#dev/testing/database/member-login.ts'
import { ownDatabase } from '#dev/testing/database/own-database.ts'

const logins = ['web', 'worker', 'gateway', 'auditor', 'archiver'] as const
type Login = (typeof logins)[number]

/** Columns that end a right. `web`: why web alone may undo it. */
const ends: Readonly<Record<string, { web?: string }>> = {
  'cluster_audit_token.revoked_at': {},
  'credential.ends_at': {},
  'credential.revoked_at': {},
  'offboarding.completed_at': {},
  'offboarding.pseudonymised_at': {},
  'offboarding.reactivated_at': {},
  'provisioning_freeze.ended_at': {},
  'request.decided_at': {},
  'request.expires_at': {},
  'request.state': {},
  'review.closed_at': {},
  'review.pseudonymised_at': {},
  'review.state': {},
  'review_line.decided_at': {},
  'review_line.state': {},
  'scim_token.expires_at': {},
  'scim_token.revoked_at': {},
  'scim_token_request.closed_as': {},
  'scim_token_request.closed_at': {},
  'scim_token_request.expires_at': {},
  'scim_token_request.lapses_at': {},
  'break_glass_code.acknowledged_at': {},
  'break_glass_code.used_at': {},
  'session.expires_at': {},
  'space.deleted_at': {},
  'space.delete_requested_at': {},
  'space.status': {},
  'space_grant.removed_at': {},
  'space_grant.withheld_from': {},
  'space_offer.closed_at': {},
  'space_offer.expires_at': {},
  'space_offer.state': {},
  'trail_check.cancelled_at': {},
  'trail_check.ended_at': {},
  'user_account.deactivated_at': {},
  'webhook.off_at': { web: 'its owner turns it on again' },
}

const others: Readonly<Record<string, string>> = {
  'mail_delivery.closed_at': 'a mail gives no right',
  'mail_delivery.state': 'a mail gives no right',
  'offboarding_cluster.finished_at': 'progress at a cluster',
  'pseudonym.finished_at': 'only the owner’s login can write it',
  'provisioning_freeze.frozen_at': 'a beginning, which no login can change',
  'request.ends_at': 'the requested end; that of the grant or space counts',
  'review.due_at': 'admins can extend an open review',
  'review_cluster.finished_at': 'progress at a cluster',
  'review_line.ends_at': 'a copy of the grant',
  'scim_group.suspended_at': 'derived from the last use of a token; the gateway and the portal don’t read it',
  'space.ends_at':
    'the owner can extend a space within the policy; the worker only what is declared in Git (roles.itest.ts)',
  'space_grant.ends_at':
    'admins can extend a role within the policy; the worker only where Git declares it (roles.itest.ts)',
  'space_grant.starts_at': 'a beginning; only web can write it (roles.itest.ts)',
  'trail_export.finished_at': 'a file, which its owner can remove',
  'trail_export.state': 'a file, which its owner can remove',
  'trail_export.taken_until': 'which worker writes a file',
  'user_account.admin_until': 'activating the role again is a new right; only web can write it (roles.itest.ts)',
  'user_account.groups_suspended_at': 'derived from groups_verified_at; the gateway and the portal don’t read it',
  'user_account.unseen_ends_at': 'a warning',
  'webhook_delivery.closed_at': 'a message gives no right',
  'webhook_delivery.state': 'a message gives no right',
}

/** Columns that record when a row was created, seen or noted, or when its next job is due. */
const notes =
  /^(?:created|asked|answered|approved|alarmed|authenticated|delivered|drift_checked|event|failing_since|fences_proved|first_ready|first_seen|from|groups_verified|health_read|health_refused|last_seen|last_sign_in|last_used|made|modified|next_attempt|next|nodes_read|nodes_refused|observed|opened|read|received|rechecked|reconciled|repaired|seen|started|to|took_effect|tried|unseen_reminded|unseen_warned)(?:_at)?$|^(?:at|minute|day|day_before|next_on|since|reached)$/

const id = Object.fromEntries(
  ['person', 'admin', 'cluster', 'live', 'revoked', 'review', 'space', 'code', 'check'].map((name) => [
    name,
    randomUUID(),
  ]),
) as Record<'person' | 'admin' | 'cluster' | 'live' | 'revoked' | 'review' | 'space' | 'code' | 'check', string>
const clients = new Map<Login | 'owner', pg.Client>()
const removals: (() => Promise<void>)[] = []

async function connect(name: Login | 'owner', connectionString: string): Promise<void> {
  const client = new pg.Client({ connectionString })
  await client.connect()
  clients.set(name, client)
}

const clientOf = (name: Login | 'owner'): pg.Client => {
  const client = clients.get(name)
  if (!client) throw new Error('not connected')
  return client
}

beforeAll(async () => {
  const { databaseUrls: urls, ownerDatabaseUrl } = await ownDatabase()
  const operators = await Promise.all(
    (['archiver', 'auditor'] as const).map(async (name) => {
      const login = await memberLogin(ownerDatabaseUrl, `spaceport_${name}`)
      removals.push(login.remove)
      return [name, login.url] as const
    }),
  )
  await Promise.all([
    connect('owner', ownerDatabaseUrl),
    ...Object.entries(urls).map(([name, url]) => connect(name as Login, url)),
    ...operators.map(([name, url]) => connect(name, url)),
  ])
  const past = `now() - interval '1 hour'`
  const person = (key: 'person' | 'admin', deactivated: string) => `
    INSERT INTO user_account (id, issuer, subject, handle, name, email, deactivated_at)
      VALUES ('${id[key]}', 'https://issuer.test', '${id[key]}', 'ends-${id[key]}', 'x', 'x', ${deactivated});`
  await clientOf('owner').query(`
    ${person('person', past)} ${person('admin', 'NULL')}
    INSERT INTO cluster (id, name) VALUES ('${id.cluster}', 'ends');
    INSERT INTO cluster_audit_token (id, cluster_id, token_hash, created_at, revoked_at) VALUES (gen_random_uuid(), '${id.cluster}', 'x', now(), ${past});
    INSERT INTO session (id, token_hash, user_id, expires_at) VALUES (gen_random_uuid(), 'x', '${id.admin}', ${past});
    INSERT INTO space (id, cluster_id, name, namespace, creation, size, owner_id, status, delete_requested_at, deleted_at)
      VALUES ('${id.space}', '${id.cluster}', 'ended', 'ended', 'x', 'S', '${id.admin}', 'deleted', ${past}, ${past});
    INSERT INTO credential (id, user_id, token_hash, ends_at, revoked_at) VALUES ('${id.revoked}', '${id.person}', 'revoked', ${past}, ${past});
    INSERT INTO credential (id, user_id, token_hash, ends_at) VALUES ('${id.live}', '${id.admin}', 'live', now() + interval '1 hour');
    INSERT INTO space_grant (id, space_id, user_id, role, starts_at, removed_at, withheld_from)
      VALUES (gen_random_uuid(), '${id.space}', '${id.person}', 'admin', ${past}, ${past}, '{${id.admin}}');
    INSERT INTO space_offer (id, space_id, from_id, to_id, by_id, state, created_at, expires_at, closed_at)
      VALUES (gen_random_uuid(), '${id.space}', '${id.admin}', '${id.person}', '${id.admin}', 'declined', ${past}, ${past}, ${past});
    INSERT INTO request (id, kind, requester_id, cluster_id, payload, payload_hash, reason, state, expires_at, decided_at)
      VALUES (gen_random_uuid(), 'space', '${id.person}', '${id.cluster}', '{}', 'x', 'x', 'denied', ${past}, ${past});
    INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id, expires_at, revoked_at) VALUES (gen_random_uuid(), 'x', 1, 'x', now(), '${id.admin}', ${past}, ${past});
    INSERT INTO scim_token_request (id, name, expires_at, asked_at, asked_by_id, lapses_at, closed_at, closed_as)
      VALUES (gen_random_uuid(), 'x', ${past}, ${past}, '${id.admin}', ${past}, ${past}, 'declined');
    INSERT INTO provisioning_freeze (id, reason, frozen_at, frozen_by_id, ended_at) VALUES (gen_random_uuid(), 'x', ${past}, '${id.admin}', ${past});
    INSERT INTO break_glass_code (id, code_hash, created_at, used_at, acknowledged_at) VALUES ('${id.code}', 'x', now(), ${past}, ${past});
    INSERT INTO offboarding (id, person_id, by_id, reason, created_at, ended, reactivated_at, completed_at, certificate, certificate_hash, pseudonymised_at)
      VALUES (gen_random_uuid(), '${id.person}', '${id.admin}', 'x', now(), '{}', ${past}, ${past}, 'x', 'x', ${past});
    INSERT INTO review (id, name, scope, undecided, created_at, due_at) VALUES ('${id.review}', 'r', '{}', 'keep', now(), now()), (gen_random_uuid(), 'open', '{}', 'keep', now(), now());
    INSERT INTO review_line (id, review_id, kind, state, cluster, space_name, holder, holder_name, role, decided_at)
      SELECT gen_random_uuid(), id, 'grant', 'revoked', 'ends', 'x', 'x', 'x', 'viewer', ${past} FROM review WHERE id <> '${id.review}';
    UPDATE review SET state = 'closed', report_hash = 'x', closed_at = ${past}, pseudonymised_at = ${past} WHERE id = '${id.review}';
    INSERT INTO webhook (user_id, format, host, encrypted_url, encrypted_secret, choices, created_at, off_at)
      VALUES ('${id.admin}', 'slack', 'x', 'x', 'x', '{}', now(), ${past});
    INSERT INTO trail_check (id, cancelled_at, ended_at, result) VALUES ('${id.check}', ${past}, ${past}, 'cancelled')`)
})
afterAll(async () => {
  await Promise.all([...clients.values()].map((client) => client.end()))
  await Promise.all(removals.map((remove) => remove()))
})

/**
 * Runs statements in a transaction up to its commit, then rolls it back. @returns how many rows the first one changed
 */
async function attempt(login: Login | 'owner', ...statements: string[]): Promise<number> {
  const client = clientOf(login)
  await client.query('BEGIN')
  try {
    const counts: number[] = []
    for (const statement of statements) counts.push((await client.query(statement)).rowCount ?? 0)
    await client.query('SET CONSTRAINTS ALL IMMEDIATE')
    return counts[0] ?? 0
  } finally {
    await client.query('ROLLBACK')
  }
}

const split = (name: string) => name.split('.') as [table: string, column: string]
/** The ended row, if the table has others. */
const chosen: Readonly<Record<string, string>> = { credential: id.revoked, review: id.review, user_account: id.person }
const ended = (table: string) => (chosen[table] === undefined ? '' : `WHERE id = '${chosen[table]}'`)

async function waysBack(table: string, column: string): Promise<string[]> {
  const { rows } = await clientOf('owner').query<{ type: string }>(
    `SELECT format_type(atttypid, NULL) AS type FROM pg_attribute WHERE attrelid = $1::regclass AND attname = $2`,
    [table, column],
  )
  const type = rows[0]?.type
  const set = (value: string) => `UPDATE ${table} SET "${column}" = ${value} ${ended(table)}`
  if (type === 'uuid[]') return [set(`'{}'`), set('ARRAY[gen_random_uuid()]')]
  if (type === 'timestamp with time zone') return [set('NULL'), set(`now() + interval '1 hour'`)]
  const { rows: values } = await clientOf('owner').query<{ value: string }>(
    `SELECT enumlabel AS value FROM pg_enum WHERE enumtypid = $1::regtype AND enumlabel <> (SELECT "${column}"::text FROM ${table} ${ended(table)} LIMIT 1)`,
    [type],
  )
  return values.map(({ value }) => set(`'${value}'`))
}

test('each column that could end a right is tested here or listed as an exception', async () => {
  const { rows } = await clientOf('owner').query<{ name: string }>(`
    SELECT c.relname || '.' || a.attname AS name FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_type t ON t.oid = a.atttypid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
      AND c.relname !~ '^(audit_|_prisma)'
      AND (t.typname IN ('timestamptz', '_timestamptz', 'date') OR (t.typtype = 'e' AND a.attname IN ('state', 'status'))
        OR a.attname ~ '(^|_)(revoked|removed|withheld|ended|closed|frozen|disabled|blocked)(_|$)')
    ORDER BY 1`)
  const isSaid = (name: string) => name in ends || name in others || notes.test(split(name)[1])
  const byWhom = /_by_id$|^closed_by|^ended$/
  expect(rows.map(({ name }) => name).filter((name) => !isSaid(name) && !byWhom.test(split(name)[1]))).toEqual([])
  const known = new Set(rows.map(({ name }) => name))
  expect([...Object.keys(ends), ...Object.keys(others)].filter((name) => !known.has(name))).toEqual([])
})

const cases = logins.flatMap((login) => Object.entries(ends).map(([name, { web }]) => [login, name, web] as const))

test.each(cases)('the login of %s can’t undo %s', async (login, name, exception) => {
  const [table, column] = split(name)
  for (const statement of await waysBack(table, column)) {
    expect(await attempt('owner', statement).catch((error: Error) => error.message), statement).toSatisfy(
      (result) => result === 1 || /break-glass code is recorded once|constraint|verification/.test(String(result)),
    )
    if (login === 'web' && exception !== undefined && statement.includes('= NULL')) continue
    await expect(attempt(login, statement), statement).rejects.toThrow(/permission denied|recorded once|verification/)
  }
})

test('no login can remove an ended row and add it again', async () => {
  const tables = [...new Set(Object.keys(ends).map((name) => split(name)[0]))]
  const { rows } = await clientOf('owner').query<{ table: string; role: string }>(
    `SELECT t AS table, r AS role FROM unnest($1::text[]) t, unnest($2::text[]) r WHERE has_table_privilege(r, t, 'DELETE') OR has_table_privilege(r, t, 'TRUNCATE') ORDER BY 1`,
    [tables, logins.map((login) => `spaceport_${login}`)],
  )
  // Removing a session ends it. A webhook's owner can remove it.
  expect(rows).toEqual([
    { table: 'session', role: 'spaceport_web' },
    { table: 'webhook', role: 'spaceport_web' },
  ])
})

test.each([
  [
    'gives a revoked credential’s token to another',
    `UPDATE credential SET token_hash = 'moved' WHERE id = '${id.revoked}'`,
  ],
  ['gives a credential to another person', `UPDATE credential SET user_id = '${id.admin}' WHERE id = '${id.revoked}'`],
  ['widens a credential to another space', `UPDATE credential SET space_id = '${id.space}' WHERE id = '${id.live}'`],
  ['gives a credential another id', `UPDATE credential SET id = gen_random_uuid() WHERE id = '${id.revoked}'`],
  ['extends a credential', `UPDATE credential SET ends_at = ends_at + interval '1 second' WHERE id = '${id.live}'`],
  ['gives a session to another person', `UPDATE session SET user_id = '${id.person}'`],
  ['lets a deactivated person in as another', `UPDATE user_account SET subject = 'new' WHERE id = '${id.person}'`],
  ['forgets a deactivated person’s sub', `UPDATE user_account SET oidc_sub = 'new' WHERE id = '${id.person}'`],
  [
    'knows a deactivated person by another claim',
    `UPDATE user_account SET subject_claim = 'new' WHERE id = '${id.person}'`,
  ],
  ['moves an offboarding to another person', `UPDATE offboarding SET person_id = '${id.admin}'`],
])('the login of web never %s', async (_what, statement) => {
  expect(await attempt('owner', statement)).toBe(1)
  await expect(attempt('web', statement)).rejects.toThrow(/permission denied/)
})

test('an end can be moved earlier', async () => {
  const earlier = `UPDATE credential SET ends_at = ends_at - interval '1 minute' WHERE id = '${id.live}'`
  expect(await attempt('web', earlier)).toBe(1)
  for (const login of ['web', 'worker'] as const) {
    const revoked = `UPDATE credential SET revoked_at = revoked_at - interval '1 minute' WHERE id = '${id.revoked}'`
    expect(await attempt(login, revoked)).toBe(1)
    expect(await attempt(login, `UPDATE credential SET revoked_at = now() WHERE id = '${id.live}'`)).toBe(1)
  }
})

const inTrail = (action: string, target: string) => `
  INSERT INTO audit_event (id, action, at, actor_kind, target_kind, target_id, observer, destination, outcome)
  VALUES (gen_random_uuid(), '${action}', now(), 'user', 'person', '${target}', 'worker/test', 'portal', 'ok')`
const reactivate = `UPDATE user_account SET deactivated_at = NULL WHERE id = '${id.person}'`

test('web reactivates a person only together with the trail row that records it', async () => {
  await expect(attempt('web', reactivate)).rejects.toThrow(/row person.reactivate in the trail/)
  await expect(attempt('web', reactivate, inTrail('person.deactivate', id.person))).rejects.toThrow(/in the trail/)
  await expect(attempt('web', reactivate, inTrail('person.reactivate', id.admin))).rejects.toThrow(/in the trail/)
  expect(await attempt('web', reactivate, inTrail('person.reactivate', id.person))).toBe(1)
  for (const login of ['worker', 'gateway'] as const)
    await expect(attempt(login, reactivate, inTrail('person.reactivate', id.person))).rejects.toThrow(
      /permission denied/,
    )
})

test('a trail row from an earlier transaction doesn’t reactivate anyone, and the check runs at commit', async () => {
  await clientOf('web').query(inTrail('person.reactivate', id.person))
  await clientOf('web').query('BEGIN')
  await clientOf('web').query(reactivate)
  await expect(clientOf('web').query('COMMIT')).rejects.toThrow(/in the trail/)
})
