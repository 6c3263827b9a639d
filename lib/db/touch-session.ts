import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** Records that a session was used. A session that has ended stays ended. */
export async function touchSession(pool: Pool, id: string, at: Date): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`/* kept plan: touch-session */ UPDATE session SET last_seen_at = ${at} WHERE id = ${id}::uuid AND last_seen_at < ${at}`,
  )
}
