import { Prisma } from '#lib/kernel/db/client.ts'
import {
  claimsLastAtLeastSql,
  claimsLastSql,
  claimsUntilSql,
  knownMemberSql,
} from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, grantedText, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'

export type Pausing = { userId: string; pausesAt: Date; key: string }

/** Notice before groups are suspended: four hours, or a quarter of the time a confirmation lasts if that is shorter. */
const noticeText = (lasts: string) => `least(interval '4 hours', ${lasts} / 4)`

/**
 * @returns people with roles from groups that will be suspended soon, who have a credential that outlasts that, and who
 *   haven't been notified. At most `limit`, earliest first
 */
export const selectStaleGroups = (pool: Pool, at: Date, limit: number): Promise<Pausing[]> =>
  runSql<Pausing>(
    pool,
    Prisma.sql`
    SELECT u.id AS "userId", ${claimsUntilSql('u')} AS "pausesAt", k.key
    FROM (SELECT ${claimsLastAtLeastSql} AS least OFFSET 0) shortest
    JOIN user_account u ON u.groups_suspended_at IS NULL AND u.deactivated_at IS NULL
      AND u.groups_verified_at <= now() - shortest.least + ${Prisma.raw(noticeText('shortest.least'))}
    JOIN LATERAL (SELECT ${claimsLastSql('u')} AS lasts OFFSET 0) x
      ON u.groups_verified_at > now() - x.lasts AND u.groups_verified_at <= now() - x.lasts + ${Prisma.raw(noticeText('x.lasts'))}
    CROSS JOIN LATERAL (SELECT concat('groups-pausing:', extract(epoch FROM u.groups_verified_at)) AS key) k
    WHERE EXISTS (SELECT FROM credential c
        WHERE c.user_id = u.id AND c.revoked_at IS NULL AND c.ends_at > ${claimsUntilSql('u')})
      AND EXISTS (SELECT FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer) JOIN space s ON s.id = g.space_id
        WHERE m.user_id = u.id AND NOT m.pushed AND s.owner_id <> u.id AND ${existing} AND ${notOver(at)} AND ${Prisma.raw(grantedText('m.user_id'))})
      AND NOT EXISTS (SELECT FROM inbox_event e WHERE e.user_id = u.id AND e.dedupe_key = k.key)
    ORDER BY u.groups_verified_at, u.id LIMIT ${limit}`,
  )
