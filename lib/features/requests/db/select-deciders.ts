import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { ableSql, type Deciding, hasApprovedSql } from '#lib/kernel/db/people/decides-sql.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

const maxNotified = 100

/**
 * The people to notify about an open request: those who may decide and haven't approved it yet, at most 100. If the
 * owner can decide alone, only the owner is notified.
 * @param missing how many approvals it still needs
 */
export async function selectDeciders(tx: Tx, requestId: string, by: Deciding, missing: number): Promise<string[]> {
  const rows = await runSql<{ id: string }>(
    tx,
    Prisma.sql`
    WITH able AS (
      SELECT u.id, r.kind = 'role' AND ${by.roles.who} = 'owner' AND u.id = s.owner_id AS "isOwner"
      FROM request r LEFT JOIN space s ON s.id = r.space_id CROSS JOIN user_account u
      WHERE r.id = ${requestId}::uuid AND ${ableSql(by)} AND NOT ${hasApprovedSql(Prisma.sql`u.id`)})
    SELECT id FROM able WHERE "isOwner" OR ${missing > 1} OR NOT EXISTS (SELECT FROM able WHERE "isOwner")
    LIMIT ${maxNotified}`,
  )
  return rows.map(({ id }) => id)
}
