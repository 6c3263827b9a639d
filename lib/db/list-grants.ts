import type { Role } from '../domain/role.ts'
import type { GrantView } from '../domain/space-view.ts'
import type { Db } from './client.ts'

type Row = {
  id: string
  role: Role
  startsAt: Date
  endsAt: Date | null
  requestId: string | null
  byOffice: boolean
  group: string | null
  people: number
  userId: string | null
  handle: string | null
  name: string | null
  email: string | null
}

const mostGrants = 500

/** @returns the living grants of a space, people first, by name; at most 500 */
export async function listGrants(db: Db, spaceId: string, at: Date, viewerId: string): Promise<GrantView[]> {
  const rows = await db.$queryRaw<Row[]>`
    SELECT g.id, g.role::text AS role, g.starts_at AS "startsAt", g.ends_at AS "endsAt", g.request_id AS "requestId", g."group",
      cardinality(g.withheld_from) > 0 AS "byOffice",
      u.id AS "userId", u.handle, u.name, u.email,
      CASE WHEN g."group" IS NULL THEN 0 ELSE (SELECT count(*)::int FROM user_group ug WHERE ug."group" = g."group") END AS people
    FROM space_grant g LEFT JOIN user_account u ON u.id = g.user_id
    WHERE g.space_id = ${spaceId}::uuid AND g.removed_at IS NULL AND (g.ends_at IS NULL OR g.ends_at > ${at})
    ORDER BY (g."group" IS NOT NULL), coalesce(u.name, g."group"), g.created_at LIMIT ${mostGrants}`
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    byRequest: row.requestId !== null,
    byOffice: row.byOffice,
    isSelf: row.userId === viewerId,
    principal:
      row.group === null
        ? { kind: 'user', handle: row.handle ?? '', name: row.name ?? '', email: row.email ?? '' }
        : { kind: 'group', name: row.group, people: row.people },
  }))
}
