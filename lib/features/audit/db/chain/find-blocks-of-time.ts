import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type BlocksOfTime = { first: number | null; last: number | null; rows: number }

/** @returns the first and the last block that were sealed in a time (null: none), and how many rows they have together */
export async function findBlocksOfTime(pool: Pool, from: Date | null, until: Date | null): Promise<BlocksOfTime> {
  const [found] = await runSql<BlocksOfTime>(
    pool,
    Prisma.sql`
    SELECT min(number)::float8 AS first, max(number)::float8 AS last, coalesce(sum(rows), 0)::float8 AS rows FROM audit_block
    WHERE (${from}::timestamptz IS NULL OR sealed_at >= ${from}) AND (${until}::timestamptz IS NULL OR sealed_at < ${until})`,
  )
  return found ?? { first: null, last: null, rows: 0 }
}
