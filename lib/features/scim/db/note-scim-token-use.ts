import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** Notes when and from where a provisioning token was used, unless that was noted since `before`. */
export async function noteScimTokenUse(
  pool: Pool,
  id: string,
  { at, before, address }: { at: Date; before: Date; address: string | null },
): Promise<void> {
  await runSql(
    pool,
    Prisma.sql`UPDATE scim_token SET last_used_at = ${at}, last_used_address = ${address}
      WHERE id = ${id}::uuid AND revoked_at IS NULL AND (last_used_at IS NULL OR last_used_at < ${before})`,
  )
}
