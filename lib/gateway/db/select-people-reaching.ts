import { knownMemberText } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * @param spaceIds the changed spaces
 * @param userIds the people to choose from
 * @returns the IDs of owners and members, whether or not their role counts now
 */
export async function selectPeopleReaching(
  pool: Pool,
  spaceIds: readonly string[],
  userIds: readonly string[],
): Promise<string[]> {
  const { rows } = await pool.query<{ user_id: string }>({
    name: 'select-people-reaching',
    text: `
      SELECT DISTINCT user_id FROM (
        SELECT owner_id AS user_id FROM space WHERE id = ANY($1::uuid[])
        UNION ALL
        SELECT user_id FROM space_grant WHERE space_id = ANY($1::uuid[])
        UNION ALL
        SELECT m.user_id FROM ${knownMemberText} m JOIN space_grant g USING ("group", group_issuer)
        WHERE g.space_id = ANY($1::uuid[]) AND m.user_id = ANY($2::uuid[])
      ) reaching WHERE user_id = ANY($2::uuid[])`,
    values: [spaceIds, userIds],
  })
  return rows.map((row) => row.user_id)
}
