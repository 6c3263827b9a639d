import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { accountsOf, decidesLineSql, holdsSql, type Viewer } from '#lib/kernel/db/requests/review-sql.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/**
 * @returns whether one of some open lines is about what the person holds themselves, and would otherwise be theirs to
 *   decide about: nobody else learns of it
 */
export async function isOwnLine(tx: Tx, ids: readonly string[], viewer: Viewer): Promise<boolean> {
  const { userId, isPlatformAdmin } = viewer
  const rows = await runSql(
    tx,
    Prisma.sql`
    SELECT l.id FROM review_line l LEFT JOIN space s ON s.id = l.space_id
    WHERE l.id = ANY (${[...ids]}::uuid[]) AND l.state = 'open' AND (${isPlatformAdmin}::boolean OR s.owner_id = ${userId}::uuid)
      AND ${holdsSql(accountsOf(userId))} AND NOT coalesce(${decidesLineSql(viewer)}, false) LIMIT 1`,
  )
  return rows.length > 0
}
