import type { AccessCursor, ReportRow } from '#lib/features/access/model/access-report.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberParts, knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver, notWithheld } from '#lib/kernel/db/spaces/effective-sql.ts'

/** Reports by person or by space. */
export type AccessReportOf = { people: readonly string[] } | { spaces: readonly string[] }

/**
 * @param of ids of people (rows ordered by person, then space) or of spaces (rows ordered by space, then person)
 * @returns at most `limit` rows of access that is effective at an instant or later, after the cursor
 */
export function selectAccessReport(
  pool: Pool,
  of: AccessReportOf,
  { at, after, limit }: { at: Date; after?: AccessCursor | undefined; limit: number },
): Promise<ReportRow[]> {
  const byPerson = 'people' in of
  const order = byPerson
    ? Prisma.sql`h.handle, h.name, h.space_id, h.id`
    : Prisma.sql`h.name, h.space_id, h.handle, h.id`
  return runSql<ReportRow>(
    pool,
    Prisma.sql`
    WITH held AS (
      SELECT coalesce(f.grant_id, s.id) AS id, f.grant_id, f.user_id, f.counts_until, s.id AS space_id, s.name, coalesce(u.handle, '') AS handle
      FROM (${byPerson ? ofPeople(of.people, at) : inSpaces(of.spaces, at)}) f
        JOIN space s ON s.id = f.space_id LEFT JOIN user_account u ON u.id = f.user_id
      WHERE ${existing}),
    page AS (SELECT * FROM held h WHERE ${after ? isAfter(after, byPerson) : Prisma.sql`true`} ORDER BY ${order} LIMIT ${limit})
    SELECT h.id, json_build_object('id', s.id, 'name', s.name, 'cluster', c.name) AS space,
      CASE WHEN u.id IS NOT NULL THEN json_build_object('handle', u.handle, 'name', u.name, 'deactivated', u.deactivated_at IS NOT NULL) END AS person,
      coalesce(g.role::text, 'owner') AS standing, coalesce(h.counts_until <= now(), false) AS paused, g."group", g.group_issuer AS issuer, g.request_id AS "requestId",
      CASE WHEN b.id IS NOT NULL THEN json_build_object('handle', b.handle, 'name', b.name) END AS "givenBy",
      coalesce(cardinality(g.withheld_from) > 0, false) AS "asPlatformAdmin",
      coalesce(g.starts_at, o.closed_at, s.created_at) AS since, least(g.ends_at, s.ends_at) AS until,
      x.last_used_at AS "lastUsedAt"
    FROM page h JOIN space s ON s.id = h.space_id JOIN cluster c ON c.id = s.cluster_id
      LEFT JOIN user_account u ON u.id = h.user_id LEFT JOIN space_grant g ON g.id = h.grant_id
      LEFT JOIN LATERAL (
        SELECT o.closed_at, o.by_id FROM space_offer o
        WHERE h.grant_id IS NULL AND o.space_id = s.id AND o.to_id = s.owner_id AND o.state = 'accepted'
        ORDER BY o.closed_at DESC LIMIT 1) o ON true
      LEFT JOIN user_account b ON b.id = coalesce(g.created_by_id, o.by_id)
      LEFT JOIN space_use x ON x.space_id = s.id AND x.user_id = h.user_id
    ORDER BY ${order}`,
  )
}

const ofPeople = (ids: readonly string[], at: Date) => Prisma.sql`
  SELECT s.id AS space_id, NULL::uuid AS grant_id, s.owner_id AS user_id, NULL::timestamptz AS counts_until FROM space s WHERE s.owner_id = ANY (${ids}::uuid[])
  UNION ALL
  SELECT g.space_id, g.id, g.user_id, NULL FROM space_grant g
  WHERE g.user_id = ANY (${ids}::uuid[]) AND ${notOver(at)} AND ${notWithheld('g.user_id')}
  UNION ALL
  SELECT g.space_id, g.id, m.user_id, m.counts_until FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer)
  WHERE m.user_id = ANY (${ids}::uuid[]) AND ${notOver(at)} AND ${notWithheld('m.user_id')}`

/** A group without members gives one row, without a person. */
const inSpaces = (ids: readonly string[], at: Date) => Prisma.sql`
  SELECT s.id AS space_id, NULL::uuid AS grant_id, s.owner_id AS user_id, NULL::timestamptz AS counts_until FROM space s WHERE s.id = ANY (${ids}::uuid[])
  UNION ALL
  SELECT g.space_id, g.id, g.user_id, NULL FROM space_grant g
  WHERE g.space_id = ANY (${ids}::uuid[]) AND g.user_id IS NOT NULL AND ${notOver(at)} AND ${notWithheld('g.user_id')}
  UNION ALL
  ${Prisma.join(
    knownMemberParts.map(
      (members) => Prisma.sql`
  SELECT g.space_id, g.id, m.user_id, m.counts_until FROM space_grant g JOIN ${members} m USING ("group", group_issuer)
  WHERE g.space_id = ANY (${ids}::uuid[]) AND ${notOver(at)} AND ${notWithheld('m.user_id')}`,
    ),
    ' UNION ALL ',
  )}
  UNION ALL
  SELECT g.space_id, g.id, NULL, NULL FROM space_grant g
  WHERE g.space_id = ANY (${ids}::uuid[]) AND g."group" IS NOT NULL AND ${notOver(at)} AND ${Prisma.join(
    knownMemberParts.map(
      (members) => Prisma.sql`NOT EXISTS (
    SELECT FROM ${members} m WHERE m."group" = g."group" AND m.group_issuer = g.group_issuer AND ${notWithheld('m.user_id')})`,
    ),
    ' AND ',
  )}`

/** @returns the condition that a row of `h` comes after the cursor */
function isAfter({ id, handle }: AccessCursor, byPerson: boolean): Prisma.Sql {
  const from = Prisma.sql`FROM space a
    WHERE a.id = coalesce((SELECT t.space_id FROM space_grant t WHERE t.id = ${id}::uuid), ${id}::uuid)`
  return byPerson
    ? Prisma.sql`(h.handle, h.name, h.space_id, h.id) > (SELECT ${handle}::text, a.name, a.id, ${id}::uuid ${from})`
    : Prisma.sql`(h.name, h.space_id, h.handle, h.id) > (SELECT a.name, a.id, ${handle}::text, ${id}::uuid ${from})`
}
