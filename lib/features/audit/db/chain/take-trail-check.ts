import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type TakenCheck = { id: string; byId: string | null; fromAt: Date | null; toAt: Date | null; askedAt: Date }

/**
 * Takes the verification that waits, or the one of a worker that hasn't been heard of since `lostSince`.
 * @returns null if there is none
 */
export async function takeTrailCheck(pool: Pool, at: Date, lostSince: Date): Promise<TakenCheck | null> {
  const [taken] = await runSql<TakenCheck>(
    pool,
    Prisma.sql`
    UPDATE trail_check SET seen_at = ${at}, started_at = ${at}, done = 0, total = 0, findings = '[]', finding_count = 0
    WHERE ended_at IS NULL AND (seen_at IS NULL OR seen_at < ${lostSince})
    RETURNING id, asked_by_id AS "byId", from_at AS "fromAt", to_at AS "toAt", asked_at AS "askedAt"`,
  )
  return taken ?? null
}
