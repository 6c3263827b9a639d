import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { existing } from './effective-sql.ts'

/**
 * How many of some spaces count as owned, as SQL of an aggregate.
 * @param limit how many spaces one person may own. As many deletions in progress are free; more count, because
 * finalizers that keep a namespace terminating would circumvent the limit
 * @param deleting a condition: the space is being deleted
 */
export const countedAsOwnedSql = (limit: number, deleting: Prisma.Sql) => Prisma.sql`
  (count(*) FILTER (WHERE NOT (${deleting})) + greatest(0, count(*) FILTER (WHERE ${deleting}) - ${limit}::int))::int`

export const ownedCountSql = (userId: string, limit: number) => Prisma.sql`(
    SELECT ${countedAsOwnedSql(limit, Prisma.sql`s.status = 'deleting'`)}
    FROM space s WHERE s.owner_id = ${userId}::uuid AND ${existing})`

export async function countOwnedSpaces(reader: Reader, userId: string, limit: number): Promise<number> {
  const [row] = await runSql<{ count: number }>(
    reader,
    Prisma.sql`/* kept plan: count-owned-spaces */
    SELECT ${ownedCountSql(userId, limit)} AS count`,
  )
  return row?.count ?? 0
}
