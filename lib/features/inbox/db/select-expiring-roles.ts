import type { Db } from '#lib/kernel/db/client.ts'
import { living, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'

export type EndingRole = {
  userId: string
  spaceId: string
  space: { name: string; cluster: string }
  role: Role
  endsAt: Date
  /** Of the one event that tells of this end. */
  key: string
}

const noticeMs = 15 * 60_000

/**
 * @returns roles that last a day at most, that people hold themselves in others’ spaces, and that end within 15 minutes,
 *   or, if shorter, within half of the time they last; without those whose people were told. At most `limit`, the first
 *   to end first
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
