import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'

export type LeaverCounts = {
  ownRoles: number
  groupRoles: number
  requests: number
  offersFrom: number
  offersTo: number
}

/** @returns how many roles, open requests and open offers a person has */
export async function selectLeaverCounts(pool: Pool, userId: string, at: Date): Promise<LeaverCounts> {
  const inSpaces = Prisma.sql`JOIN space s ON s.id = g.space_id WHERE ${existing} AND ${notOver(at)}`
  const [row] = await runSql<LeaverCounts>(
    pool,
    Prisma.sql`
    SELECT (SELECT count(*) FROM space_grant g ${inSpaces} AND g.user_id = ${userId}::uuid)::int AS "ownRoles",
      (SELECT count(*) FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer) ${inSpaces}
        AND m.user_id = ${userId}::uuid AND ${userId}::uuid <> ALL (g.withheld_from))::int AS "groupRoles",
      (SELECT count(*) FROM request r WHERE r.requester_id = ${userId}::uuid AND r.state = 'open' AND r.expires_at > ${at})::int AS requests,
      (SELECT count(*) FROM space_offer f WHERE f.state = 'open' AND f.expires_at > ${at} AND f.from_id = ${userId}::uuid)::int AS "offersFrom",
      (SELECT count(*) FROM space_offer f WHERE f.state = 'open' AND f.expires_at > ${at} AND f.to_id = ${userId}::uuid)::int AS "offersTo"`,
  )
  return row ?? { ownRoles: 0, groupRoles: 0, requests: 0, offersFrom: 0, offersTo: 0 }
}
