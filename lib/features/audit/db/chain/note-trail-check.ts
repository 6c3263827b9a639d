import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { TrailCheck } from '#lib/kernel/model/audit/trail-check.ts'

export type CheckProgress = Pick<TrailCheck, 'total' | 'done' | 'firstBlock' | 'lastBlock'>

/** Notes how far a verification is. @returns whether somebody has cancelled it; null if it isn't running any more */
export async function noteTrailCheck(
  pool: Pool,
  id: string,
  at: Date,
  { total, done, firstBlock, lastBlock }: CheckProgress,
): Promise<boolean | null> {
  const [noted] = await runSql<{ cancelled: boolean }>(
    pool,
    Prisma.sql`
    UPDATE trail_check SET seen_at = ${at}, total = ${total}, done = ${done}, first_block = ${firstBlock}::bigint, last_block = ${lastBlock}::bigint
    WHERE id = ${id}::uuid AND ended_at IS NULL RETURNING cancelled_at IS NOT NULL AS cancelled`,
  )
  return noted?.cancelled ?? null
}
