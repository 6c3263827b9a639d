import { Prisma } from '#lib/kernel/db/client.ts'
import { knownMemberParts } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** Includes people who have just lost a role: their page has to update. */
const counted = Prisma.sql`(g.removed_at IS NULL OR g.removed_at > now() - interval '1 minute')`

/** @returns which of these people own one of these spaces or have a role there, now or in the past minute */
export async function selectReaching(
  pool: Pool,
  spaceIds: readonly string[],
  userIds: readonly string[],
): Promise<string[]> {
  const inSpaces = Prisma.sql`g.space_id = ANY (${spaceIds}::uuid[]) AND ${counted}`
  const members = knownMemberParts.map(
    (part) => Prisma.sql`
    UNION SELECT m.user_id FROM space_grant g JOIN ${part} m USING ("group", group_issuer)
      WHERE ${inSpaces} AND m.user_id = ANY (${userIds}::uuid[])`,
  )
  const rows = await runSql<{ id: string }>(
    pool,
    Prisma.sql`
    SELECT s.owner_id AS id FROM space s WHERE s.id = ANY (${spaceIds}::uuid[]) AND s.owner_id = ANY (${userIds}::uuid[])
    UNION SELECT g.user_id FROM space_grant g WHERE ${inSpaces} AND g.user_id = ANY (${userIds}::uuid[])
    ${Prisma.join(members, ' ')}`,
  )
  return rows.map(({ id }) => id)
}
