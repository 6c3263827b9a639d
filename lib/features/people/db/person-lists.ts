import { listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { GrantOfPerson, OwnedSpace, SignInListed } from '#lib/kernel/model/people/person-view.ts'

/**
 * @returns at most `limit` grants that give a person a role now or later: their own first, then their groups', ordered
 *   by space
 */
export const selectGrantsOfPerson = (pool: Pool, userId: string, at: Date, limit: number): Promise<GrantOfPerson[]> =>
  runSql<GrantOfPerson>(
    pool,
    Prisma.sql`
    SELECT g.id, s.name AS space, c.name AS cluster, g.role::text AS role, g."group", g.starts_at AS "startsAt",
      g.ends_at AS "endsAt", g.request_id AS "requestId"
    FROM space_grant g JOIN space s ON s.id = g.space_id JOIN cluster c ON c.id = s.cluster_id
    WHERE ${existing} AND ${notOver(at)} AND ${userId}::uuid <> ALL (g.withheld_from) AND g.id = ANY (ARRAY(
      SELECT own.id FROM space_grant own WHERE own.user_id = ${userId}::uuid
      UNION ALL
      SELECT of_group.id FROM ${knownMemberSql} m JOIN space_grant of_group USING ("group", group_issuer)
      WHERE m.user_id = ${userId}::uuid))
    ORDER BY g."group" NULLS FIRST, s.name, g.id LIMIT ${limit}`,
  )

/** @returns at most `limit` spaces that a person owns, by name, without deleted ones */
export const selectOwnedSpaces = (pool: Pool, userId: string, limit: number): Promise<OwnedSpace[]> =>
  runSql<OwnedSpace>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name, c.name AS cluster, s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt"
    FROM space s JOIN cluster c ON c.id = s.cluster_id WHERE s.owner_id = ${userId}::uuid AND ${existing}
    ORDER BY s.name, s.id LIMIT ${limit}`,
  )

/** @returns at most `limit` sign-ins of a person in the trail, including refused ones, newest first */
export const selectSignIns = (pool: Pool, userId: string, limit: number): Promise<SignInListed[]> =>
  runSql<SignInListed>(
    pool,
    Prisma.sql`
    SELECT e.id, e.at, coalesce(e.outcome::text, 'unknown') AS outcome, e.reason, e.source_address AS "sourceAddress",
      e.user_agent AS "userAgent"
    FROM audit_event e
    WHERE e.actor_id = ${userId}::uuid AND e.action = 'session.sign-in' AND ${listed('e')}
    ORDER BY e.seq DESC LIMIT ${limit}`,
  )
