import { Prisma } from '#lib/kernel/db/client.ts'
import { groupMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { Held } from '#lib/kernel/model/access/escalation.ts'
import { effectiveFor } from './effective-sql.ts'

/**
 * @returns what a person holds in a space at an instant: as its owner, by their own grants, and by grants to their
 *   groups that are not withheld from them
 */
export function selectHeld(reader: Reader, spaceId: string, userId: string, at: Date): Promise<Held[]> {
  return runSql<Held>(
    reader,
    Prisma.sql`
    SELECT 'owner' AS standing, NULL::timestamptz AS "endsAt" FROM space WHERE id = ${spaceId}::uuid AND owner_id = ${userId}::uuid
    UNION ALL
    SELECT g.role::text, g.ends_at FROM space_grant g
    WHERE g.space_id = ${spaceId}::uuid AND ${effectiveFor(userId, at)}
      AND (g.user_id = ${userId}::uuid
        OR (g."group", g.group_issuer) IN (SELECT m."group", m.group_issuer FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid))`,
  )
}
