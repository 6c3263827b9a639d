import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/**
 * Begins the nightly verification of everything unless there was one since, or one is running. One that was cancelled or
 * gave up is begun again after an hour.
 */
export async function scheduleTrailCheck(pool: Pool, id: string, since: Date): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`
    INSERT INTO trail_check (id) SELECT ${id}::uuid
    WHERE NOT EXISTS (SELECT FROM trail_check WHERE asked_by_id IS NULL AND asked_at >= ${since}
      AND (cancelled_at IS NULL AND coalesce(result, '') <> 'gave-up' OR asked_at >= now() - interval '1 hour'))
    ON CONFLICT DO NOTHING`,
  )
}
