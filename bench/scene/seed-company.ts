import { randomUUID } from 'node:crypto'
import type { Stack } from '#dev/stack/stack-options.ts'
import { ownerSql } from '#dev/testing/database/owner-sql.ts'
import { largeInstallation } from '#dev/testing/fixtures/large-installation.ts'
import { type BenchDatabase, createDatabase } from './create-database.ts'

export type Company = BenchDatabase & {
  adminId: string
  /** A person with more of everything than others, and their space and their open request. */
  person: { id: string; handle: string; space: string; request: string }
  /** An open access review of everything. */
  review: string
}

/**
 * Creates a database with 10,000 people and spaces, their access and requests, and a trail.
 * @param trailRows half of them are actions, the others their outcomes
 */
export async function seedCompany(stack: Stack, name: string, trailRows: number): Promise<Company> {
  const issuer = stack.env.web.OIDC_ISSUER ?? ''
  const database = await createDatabase(stack, name)
  const run = (statement: string, values: readonly unknown[] = []) => ownerSql(database.ownerUrl, statement, values)
  await run(largeInstallation.sql.replaceAll('https://issuer.test', issuer))
  await run(`UPDATE space SET namespace_uid = gen_random_uuid()::text, observed_generation = 1, first_ready_at = now()`)
  const [adminId, request] = [randomUUID(), randomUUID()]
  await run(
    `INSERT INTO user_account (id, issuer, subject, handle, name, email, platform_role)
     VALUES ($1, $2, '0', 'bench-admin', 'Bench Admin', 'admin@example.com', 'admin')`,
    [adminId, issuer],
  )
  const [person] = await run(`SELECT id, handle FROM user_account WHERE subject = '42' AND issuer = $1`, [issuer])
  const { id, handle } = { id: String(person?.id), handle: String(person?.handle) }
  await run(
    `INSERT INTO request (id, kind, requester_id, cluster_id, space_id, payload, payload_hash, reason, state, created_at, expires_at, decided_at, decider_id)
     SELECT CASE WHEN u.id = $1 AND n = 1 THEN $2::uuid ELSE gen_random_uuid() END, 'size', u.id, s.cluster_id, s.id,
       jsonb_build_object('kind', 'size', 'spaceId', s.id, 'from', 'S', 'size', 'L'), md5(n::text), 'it grew', CASE WHEN n = 1 THEN 'open' ELSE 'approved' END::request_state,
       now() - make_interval(hours => n), now() + interval '7 days', CASE WHEN n > 1 THEN now() END, CASE WHEN n > 1 THEN $3::uuid END
     FROM user_account u JOIN space s ON s.owner_id = u.id, generate_series(1, 3) n WHERE u.subject::int % 5 = 2`,
    [id, request, adminId],
  )
  await run(
    `INSERT INTO inbox_event (id, user_id, kind, data, created_at, read_at)
     SELECT gen_random_uuid(), u.id, 'sessions-ended', '{"by":null,"credentials":2}', now() - make_interval(hours => n), CASE WHEN n > 3 THEN now() END
     FROM user_account u, generate_series(1, 20) n`,
  )
  await run(
    `INSERT INTO credential (id, user_id, token_hash, created_at, ends_at)
     SELECT gen_random_uuid(), $1, sha256(('own-' || n)::bytea), now() - make_interval(hours => n), now() + interval '30 days'
     FROM generate_series(1, 400) n`,
    [id],
  )
  await run(
    `INSERT INTO session (id, token_hash, user_id, expires_at)
     SELECT gen_random_uuid(), sha256(('session-' || u.subject || '-' || n)::bytea), u.id, now() + interval '8 hours'
     FROM user_account u, generate_series(1, CASE WHEN u.id = $1 THEN 50 ELSE 1 END) n WHERE u.subject <> '0'`,
    [id],
  )
  const review = await seedReview(run)
  await fillTrail(run, trailRows)
  await run('VACUUM ANALYZE')
  return { ...database, adminId, person: { id, handle, space: 'space-42', request }, review }
}

/**
 * An open review with a line for each of four roles in each space, some of them decided.
 * @returns its id
 */
async function seedReview(
  run: (statement: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>,
): Promise<string> {
  const id = randomUUID()
  await run(
    `INSERT INTO review (id, name, scope, undecided, state, created_at, due_at, lines)
     VALUES ($1, 'Bench', '{"cluster":null,"spaces":[],"people":[],"roles":[]}', 'keep', 'open', now(), now() + interval '20 days', 40000)`,
    [id],
  )
  await run(
    `INSERT INTO review_line (id, review_id, kind, state, space_id, cluster, space_name, user_id, holder, holder_name, role, since, last_used_at, unused, reviewer_id)
     SELECT gen_random_uuid(), $1, 'grant', (ARRAY['open', 'open', 'kept'])[1 + n % 3]::review_line_state, s.id, 'default', s.name, u.id, u.handle, u.name,
       (ARRAY['viewer', 'editor', 'admin', 'viewer'])[n], now() - interval '90 days', now() - interval '40 days', n = 1, s.owner_id
     FROM space s JOIN user_account u ON u.id = s.owner_id, generate_series(1, 4) n`,
    [id],
  )
  return id
}

/**
 * Four of five actions are kubectl's, one in a thousand is refused, one in fifty thousand fails, and one names a zebra.
 * Indexes are built afterwards, which is faster than row by row.
 */
async function fillTrail(
  run: (statement: string, values?: readonly unknown[]) => Promise<Record<string, unknown>[]>,
  rows: number,
): Promise<void> {
  const indexes = await run(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes WHERE tablename = 'audit_event' AND indexname <> 'audit_event_pkey'`,
  )
  for (const { name } of indexes) await run(`DROP INDEX "${name}"`)
  await run(
    `WITH person AS (SELECT row_number() OVER () AS n, u.id, u.handle, u.name, s.id AS space, s.name AS space_name
       FROM user_account u JOIN space s ON s.owner_id = u.id),
     action AS (SELECT n, md5('action-' || n)::uuid AS id, now() - make_interval(secs => ($1 - n) * 5) AS at,
       (ARRAY['kubectl.get', 'kubectl.list', 'kubectl.create', 'kubectl.patch', 'kubectl.get', 'kubectl.watch', 'kubectl.exec', 'kubectl.delete', 'grant.add', 'session.sign-in'])[1 + n % 10] AS action
       FROM generate_series(1, $1 / 2) n)
     INSERT INTO audit_event (id, intent_id, action, at, actor_kind, actor_id, actor_handle, actor_name, target_kind, target_name, space_id, namespace, observer, source_address, user_agent, destination, outcome, reason, detail, request_id, cluster_audit_id)
     SELECT CASE WHEN half = 1 THEN a.id ELSE gen_random_uuid() END, CASE WHEN half = 2 THEN a.id END, a.action, a.at, 'user', p.id, p.handle, p.name,
       CASE WHEN a.n % 400 = 2 THEN 'serviceaccounts' ELSE 'pods' END, CASE WHEN a.n = $1 / 20 THEN 'zebra' ELSE 'web-' || a.n % 1000 END, p.space, p.space_name, 'gateway/bench-1', '10.1.2.' || a.n % 250,
       'kubectl/v1.36.3', 'default', CASE WHEN half = 2 THEN CASE WHEN a.n % 50000 = 7 THEN 'failed' WHEN a.n % 1000 = 3 THEN 'refused' ELSE 'ok' END END::audit_outcome,
       CASE WHEN half = 2 THEN CASE WHEN a.n % 50000 = 7 THEN 'cluster_500' WHEN a.n % 1000 = 3 THEN 'cluster_403' END END,
       jsonb_build_object('credential', md5('credential-' || p.n)::uuid), md5('request-' || a.n)::uuid, CASE WHEN half = 2 THEN md5('request-' || a.n)::uuid END
     FROM action a JOIN person p ON p.n = 1 + a.n % 10000, generate_series(1, 2) half
     -- One in a million never ended.
     WHERE NOT (half = 2 AND a.n % 500000 = 11) ORDER BY a.n, half`,
    [rows],
  )
  for (const { definition } of indexes)
    await run(`SET maintenance_work_mem = '1GB'; ${String(definition).replace(' ON ONLY ', ' ON ')}`)
  // As if it had been sealed long ago, because a page needs the trail's words.
  await run('DELETE FROM audit_unsealed')
  await run('SELECT index_trail(1)')
  for (let done = 1; done > 0; ) done = Number((await run('SELECT index_trail(200) AS done'))[0]?.done)
}
