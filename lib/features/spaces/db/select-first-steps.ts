import type { FirstSteps } from '#lib/features/spaces/model/first-steps.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { credentialUseJoin } from '#lib/kernel/db/credentials/credential-use-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { notOver } from '#lib/kernel/db/spaces/effective-sql.ts'

/** @returns a person's progress with a space */
export async function selectFirstSteps(
  pool: Pool,
  { userId, spaceId }: { userId: string; spaceId: string },
  at: Date,
): Promise<FirstSteps> {
  const own = Prisma.sql`SELECT 1 FROM credential k ${credentialUseJoin}
    WHERE k.user_id = ${userId}::uuid AND k.session_id IS NULL AND k.revoked_at IS NULL AND k.ends_at > ${at}
      AND (k.space_id IS NULL OR k.space_id = ${spaceId}::uuid)`
  const [row] = await runSql<FirstSteps>(
    pool,
    Prisma.sql`/* kept plan: first-steps */
    SELECT EXISTS (${own}) AS connected, EXISTS (${own} AND n.last_used_at IS NOT NULL) AS used,
      EXISTS (SELECT 1 FROM space_grant g WHERE g.space_id = ${spaceId}::uuid AND ${notOver(at)}) AS shared`,
  )
  return row ?? { connected: false, used: false, shared: false }
}
