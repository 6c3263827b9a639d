import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/**
 * Records that a session is over, as of its creation, so that it stays over even if the clock is set back. Its row is
 * kept for the sign-out at the provider, and nothing to ask about its person with.
 */
export async function expireSession(pool: Pool, id: string): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`
    UPDATE session SET expires_at = created_at, provider_tokens = NULL WHERE id = ${id}::uuid AND expires_at > created_at`,
  )
}
