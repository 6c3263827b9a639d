import type { SpaceFilter, SpaceOrder } from '#lib/domain/space-query.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { type SpaceViewer, spaceFilterSql, spaceOrderSql } from './space-filter-sql.ts'

/** @returns the ids of the spaces that a filter finds, in its order; at most `limit` */
export async function selectSpaceIds(
  pool: Pool,
  who: SpaceViewer,
  query: SpaceFilter & SpaceOrder,
  limit: number,
): Promise<string[]> {
  const found = await runSql<{ id: string }>(
    pool,
    Prisma.sql`
    SELECT s.id FROM space s WHERE ${spaceFilterSql(who, query)} ORDER BY ${spaceOrderSql(query).order}, s.id LIMIT ${limit}`,
  )
  return found.map(({ id }) => id)
}
