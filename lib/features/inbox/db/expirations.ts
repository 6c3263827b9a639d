import { daysBefore, digestDueAt, digestReaches } from '#lib/features/inbox/model/digest-day.ts'
import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { living, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import type { Ending } from '#lib/kernel/model/inbox/event.ts'
import type { DigestProgress } from './take-expiration-digest.ts'

/** One person's expirations: the first few, earliest first, and the total. */
export type PersonEndings = { userId: string; ends: Ending[]; count: number }

const place = Prisma.raw(`CASE WHEN s.id IS NOT NULL THEN jsonb_build_object('name', s.name, 'cluster', c.name) END`)

/**
 * The expirations in a day's digest: spaces that people own, their direct roles in other spaces, and their credentials.
 * Includes those that end seven, three or one days after the digest day, each once per step. A late digest also
 * includes everything that came within a step since the last digest, or began within one. Things that live no longer
 * than a step are left out of it, or they would be announced as they begin.
 * @returns the next people by id, at most `maxPeople`, with at most `maxListed` expirations each
 */
export async function selectEndings(
  tx: Tx,
  { day, dayBefore, lastUserId }: DigestProgress,
  { at, maxPeople, maxListed }: { at: Date; maxPeople: number; maxListed: number },
): Promise<PersonEndings[]> {
  const [due, dueBefore, until] = [digestDueAt(day), digestDueAt(dayBefore), digestReaches(day)]
  return tx.$queryRaw<PersonEndings[]>`
    WITH ending AS (
      SELECT s.owner_id AS user_id, 'space' AS kind, NULL::text AS role, ${place} AS space, s.ends_at, s.created_at AS begins_at, s.id
      FROM space s JOIN cluster c ON c.id = s.cluster_id
      WHERE s.ends_at > ${at} AND s.ends_at < ${until} AND ${living}
      UNION ALL
      SELECT g.user_id, 'role', g.role::text, ${place}, g.ends_at, g.starts_at, g.id
      FROM space_grant g JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id
      WHERE g.removed_at IS NULL AND g.ends_at > ${at} AND g.ends_at < ${until}
        AND g.user_id <> s.owner_id AND ${notWithheld('g.user_id')} AND ${living}
      UNION ALL
      SELECT k.user_id, 'credential', NULL, ${place}, k.ends_at, k.created_at, k.id
      FROM credential k LEFT JOIN space s ON s.id = k.space_id LEFT JOIN cluster c ON c.id = s.cluster_id
      WHERE k.revoked_at IS NULL AND k.session_id IS NULL AND k.ends_at > ${at} AND k.ends_at < ${until}),
    told AS (
      SELECT e.*, row_number() OVER (PARTITION BY e.user_id ORDER BY e.ends_at, e.id) AS place,
        count(*) OVER (PARTITION BY e.user_id)::int AS count
      FROM ending e
      WHERE (${lastUserId}::uuid IS NULL OR e.user_id > ${lastUserId}::uuid) AND e.begins_at <= ${due}
        AND EXISTS (
          SELECT FROM unnest(${daysBefore}::int[]) days
          CROSS JOIN LATERAL (SELECT (e.ends_at AT TIME ZONE 'UTC')::date - days AS tell_on) d
          WHERE d.tell_on <= ${day}::date AND (d.tell_on > ${dayBefore}::date OR e.begins_at > ${dueBefore})
            AND e.ends_at - e.begins_at > days * interval '1 day'))
    SELECT user_id AS "userId", count, jsonb_agg(jsonb_build_object('kind', kind, 'role', role, 'space', space,
      'endsAt', to_char(ends_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) ORDER BY place) AS ends
    FROM told WHERE place <= ${maxListed} GROUP BY user_id, count ORDER BY user_id LIMIT ${maxPeople}`
}

export type EndingRole = {
  userId: string
  spaceId: string
  space: { name: string; cluster: string }
  role: Role
  endsAt: Date
  /** Identifies the event about this end, so that it is written once. */
  key: string
}

const noticeMs = 15 * 60_000

/**
 * @returns direct roles in other spaces that last at most a day and end within 15 minutes or half of their duration,
 *   whichever is shorter, and haven't been announced. At most `limit`, earliest end first
 */
export async function selectEndingRoles(db: Db, at: Date, limit: number): Promise<EndingRole[]> {
  const within = new Date(at.getTime() + noticeMs)
  return db.$queryRaw<EndingRole[]>`
    SELECT g.user_id AS "userId", g.space_id AS "spaceId", json_build_object('name', s.name, 'cluster', c.name) AS space,
      g.role::text AS role, g.ends_at AS "endsAt", k.key
    FROM space_grant g JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id
    JOIN user_account u ON u.id = g.user_id
    CROSS JOIN LATERAL (SELECT concat('role-ending:', g.id, ':', extract(epoch FROM g.ends_at)) AS key) k
    WHERE g.removed_at IS NULL AND g.ends_at > ${at} AND g.ends_at <= ${within}
      AND g.ends_at - g.starts_at <= ${dayMs} * interval '1 millisecond' AND g.ends_at - (g.ends_at - g.starts_at) / 2 <= ${at}
      AND g.user_id <> s.owner_id AND ${notWithheld('g.user_id')} AND ${living} AND u.deactivated_at IS NULL
      AND NOT EXISTS (SELECT FROM inbox_event e WHERE e.user_id = g.user_id AND e.dedupe_key = k.key)
    ORDER BY g.ends_at, g.id LIMIT ${limit}`
}
