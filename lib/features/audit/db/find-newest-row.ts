import type { NewestRow } from '#lib/features/audit/model/audit-view.ts'
import { listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns the newest row of the trail, or the newest action in a space; null if there is none */
export async function findNewestRow(pool: Pool, spaceId: string | null): Promise<NewestRow | null> {
  const among = spaceId === null ? Prisma.empty : Prisma.sql`WHERE e.space_id = ${spaceId}::uuid AND ${listed('e')}`
  const [row] = await runSql<NewestRow>(
    pool,
    Prisma.sql`SELECT e.seq::text AS seq, e.recorded_at > now() - interval '1 minute' AS "isFresh" FROM audit_event e ${among} ORDER BY e.seq DESC LIMIT 1`,
  )
  return row ?? null
}
