import { Prisma } from '#lib/kernel/db/client.ts'
import { groupMemberSql, knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { AccessSpan } from '#lib/kernel/model/access/escalation.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import type { GrantView } from '#lib/kernel/model/spaces/space-view.ts'
import { effectiveFor, notOver } from './effective-sql.ts'

type Row = {
  id: string
  role: Role
  startsAt: Date
  endsAt: Date | null
  requestId: string | null
  asPlatformAdmin: boolean
  group: string | null
  issuer: string | null
  people: number
  userId: string | null
  handle: string | null
  name: string | null
  email: string | null
  userIssuer: string | null
}

const maxGrants = 500

/**
 * @param viewer the caller, the provider to leave out of group names, and the names and ids of other providers
 * @returns the grants of a space that have not ended, people first, by name; at most 500
 */
export async function selectGrants(
  pool: Pool,
  spaceId: string,
  at: Date,
  viewer: {
    userId: string
    issuer: string
    providerInWords?: (issuer: string) => string | null
    providerId?: (issuer: string) => string | undefined
  },
): Promise<GrantView[]> {
  const rows = await runSql<Row>(
    pool,
    Prisma.sql`
    SELECT g.id, g.role::text AS role, g.starts_at AS "startsAt", g.ends_at AS "endsAt", g.request_id AS "requestId", g."group", g.group_issuer AS issuer,
      cardinality(g.withheld_from) > 0 AS "asPlatformAdmin",
      u.id AS "userId", u.handle, u.name, u.email, u.issuer AS "userIssuer",
      CASE WHEN g."group" IS NULL THEN 0 ELSE (
        SELECT count(*)::int FROM ${knownMemberSql} m WHERE m."group" = g."group" AND m.group_issuer = g.group_issuer) END AS people
    FROM space_grant g LEFT JOIN user_account u ON u.id = g.user_id
    WHERE g.space_id = ${spaceId}::uuid AND ${notOver(at)}
    ORDER BY (g."group" IS NOT NULL), coalesce(u.name, g."group"), g.created_at LIMIT ${maxGrants}`,
  )
  return rows.map((row) => ({
    id: row.id,
    role: row.role,
    startsAt: row.startsAt > at ? row.startsAt : null,
    endsAt: row.endsAt,
    byRequest: row.requestId !== null,
    asPlatformAdmin: row.asPlatformAdmin,
    isSelf: row.userId === viewer.userId,
    principal:
      row.group === null
        ? {
            kind: 'user',
            handle: row.handle ?? '',
            name: row.name ?? '',
            email: row.email ?? '',
            from: viewer.providerInWords?.(row.userIssuer ?? '') ?? null,
          }
        : {
            kind: 'group',
            name: row.group,
            issuer: row.issuer === viewer.issuer ? null : row.issuer,
            provider: row.issuer === viewer.issuer ? undefined : viewer.providerId?.(row.issuer ?? ''),
            people: row.people,
          },
  }))
}

/**
 * @returns a person's access to a space at an instant: as owner, by their own grants, and by grants to their groups,
 * except withheld ones
 */
export function selectAccessSpans(reader: Reader, spaceId: string, userId: string, at: Date): Promise<AccessSpan[]> {
  return runSql<AccessSpan>(
    reader,
    Prisma.sql`/* kept plan: select-access-spans */
    SELECT 'owner' AS standing, NULL::timestamptz AS "endsAt" FROM space WHERE id = ${spaceId}::uuid AND owner_id = ${userId}::uuid
    UNION ALL
    SELECT g.role::text, g.ends_at FROM space_grant g
    WHERE g.space_id = ${spaceId}::uuid AND ${effectiveFor(userId, at)}
      AND (g.user_id = ${userId}::uuid
        OR (g."group", g.group_issuer) IN (SELECT m."group", m.group_issuer FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid))`,
  )
}
