import { Prisma } from './client.ts'
import { existing } from './effective-sql.ts'
import { type Reader, runSql } from './run-sql.ts'

/**
 * How many spaces count as a person's, as SQL of a number.
 * @param limit how many spaces one person may own. As many deletions in progress are free; any beyond that count as
 *   owned, or finalizers that keep a namespace terminating would be a way around the limit
 */
export const ownedCountSql = (userId: string, limit: number) => Prisma.sql`(
    SELECT (count(*) FILTER (WHERE status <> 'deleting')
      + greatest(0, count(*) FILTER (WHERE status = 'deleting') - ${limit}::int))::int
    FROM space s WHERE s.owner_id = ${userId}::uuid AND ${existing})`

/** @returns how many spaces count as a person's: `ownedCountSql` */
export async function countOwnedSpaces(reader: Reader, userId: string, limit: number): Promise<number> {
  const [row] = await runSql<{ count: number }>(
    reader,
    Prisma.sql`/* kept plan: count-owned-spaces */
    SELECT ${ownedCountSql(userId, limit)} AS count`,
  )
  return row?.count ?? 0
}
