import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { type SpaceViewer, spaceFilterSql, spaceOrderSql } from '#lib/kernel/db/spaces/space-filter-sql.ts'
import type { SpaceFilter, SpaceOrder } from '#lib/kernel/model/spaces/space-query.ts'

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
