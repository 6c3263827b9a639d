import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** Records that a session was used. A session that has ended stays ended. */
export async function touchSession(pool: Pool, id: string, at: Date): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`/* kept plan: touch-session */ UPDATE session SET last_seen_at = ${at} WHERE id = ${id}::uuid AND last_seen_at < ${at}`,
  )
}
