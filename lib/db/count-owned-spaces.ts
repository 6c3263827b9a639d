import type { Db, Tx } from './client.ts'
import { existing } from './effective-sql.ts'

/**
 * @param limit how many one person may own. So many deletions may be under way for nothing; what is more counts as owned,
 *   or else objects that hold a namespace back (finalizers) would be a way around the limit
 * @returns how many spaces a person owns
 */
export async function countOwnedSpaces(db: Db | Tx, userId: string, limit: number): Promise<number> {
  const rows = await db.$queryRaw<{ count: number }[]>`
    SELECT (count(*) FILTER (WHERE status <> 'deleting')
      + greatest(0, count(*) FILTER (WHERE status = 'deleting') - ${limit}::int))::int AS count
    FROM space s WHERE s.owner_id = ${userId}::uuid AND ${existing}`
  return rows[0]?.count ?? 0
}
