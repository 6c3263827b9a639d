import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

type Row = { block: string; statement: string; signature: Uint8Array }

/** @returns the checkpoints of blocks after `after`, the earliest first; at most `limit`, and more only of one block */
export const selectCheckpointPage = (pool: Pool, after: string, limit: number): Promise<Row[]> =>
  runSql<Row>(
    pool,
    Prisma.sql`
    SELECT block::text AS block, statement, signature FROM audit_checkpoint
    WHERE block > ${after}::bigint ORDER BY block, key_id FETCH FIRST ${limit} ROWS WITH TIES`,
  )
