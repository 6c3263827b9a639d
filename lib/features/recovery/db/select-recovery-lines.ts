import type { RecoveryInput } from '#lib/features/recovery/model/recovery-file.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** A time in the format of JavaScript. */
const iso = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`

/** One query for each kind of lines, with the fields as columns. None contains a secret or its hash. */
const statements: readonly { kind: RecoveryInput['kind']; text: string }[] = [
  { kind: 'cluster', text: 'SELECT id, name FROM cluster ORDER BY name' },
  {
    kind: 'person',
    text: `SELECT u.id, u.issuer, u.subject, u.subject_claim AS "subjectClaim", u.oidc_sub AS "oidcSub", u.handle, u.name, u.email, ${iso('u.created_at')} AS "createdAt",
      ${iso('u.deactivated_at')} AS "deactivatedAt", u.deactivation_reason AS "deactivationReason",
      ARRAY (SELECT g."group" FROM user_group g WHERE g.user_id = u.id ORDER BY g."group") AS groups,
      ${iso('u.groups_verified_at')} AS "groupsVerifiedAt" FROM user_account u ORDER BY u.handle`,
  },
  {
    kind: 'group',
    text: `SELECT g.issuer, g.display_name AS name, ARRAY (SELECT u.handle FROM scim_group_member m JOIN user_account u ON u.id = m.user_id
      WHERE m.group_id = g.id ORDER BY u.handle) AS people FROM scim_group g ORDER BY g.display_name`,
  },
  {
    kind: 'space',
    text: `SELECT s.id, c.name AS cluster, s.name, s.namespace, s.namespace_uid AS "namespaceUid", s.description, s.size::text AS size,
      o.handle AS owner, s.status::text AS status, ${iso('s.created_at')} AS "createdAt", ${iso('s.ends_at')} AS "endsAt"
      FROM space s JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
      WHERE s.status <> 'deleted' ORDER BY c.name, s.name`,
  },
  {
    kind: 'grant',
    text: `SELECT s.id AS space, json_strip_nulls(json_build_object('id', g.id, 'person', u.handle, 'group', g."group", 'issuer', g.group_issuer,
        'role', g.role, 'from', ${iso('g.starts_at')}, 'until', ${iso('g.ends_at')}, 'request', g.request_id,
        'not', ARRAY (SELECT w.handle FROM user_account w WHERE w.id = ANY (g.withheld_from)))) AS "grant"
      FROM space_grant g JOIN space s ON s.id = g.space_id LEFT JOIN user_account u ON u.id = g.user_id
      WHERE s.status <> 'deleted' AND g.removed_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > now()) ORDER BY s.id, g.id`,
  },
  {
    kind: 'policy',
    text: `SELECT p.number, p.rules, p.reason, a.handle AS author, ${iso('p.created_at')} AS "createdAt"
      FROM policy_version p JOIN user_account a ON a.id = p.author_id ORDER BY p.number DESC LIMIT 1`,
  },
]

/** Rows in memory at once. */
const atOnce = 1_000

/** Reads the database's part of an export from a single snapshot. */
export async function* selectRecoveryLines(pool: Pool): AsyncGenerator<RecoveryInput> {
  const client = await pool.connect()
  try {
    await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY')
    for (const { kind, text } of statements) {
      await client.query(`DECLARE lines CURSOR FOR ${text}`)
      for (let rows: object[] = []; ; ) {
        rows = (await client.query<object>(`FETCH ${atOnce} FROM lines`)).rows
        // Not validated here: a test parses these lines with the file's parser.
        for (const row of rows) yield { kind, ...row } as RecoveryInput
        if (rows.length < atOnce) break
      }
      await client.query('CLOSE lines')
    }
    await client.query('COMMIT')
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {})
    throw error
  } finally {
    client.release()
  }
}
