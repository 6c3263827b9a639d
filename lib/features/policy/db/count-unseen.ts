import { Prisma } from '#lib/kernel/db/client.ts'
import { unseenSql } from '#lib/kernel/db/people/select-people.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** @returns how many active people nobody has seen after an instant */
export async function countUnseen(pool: Pool, since: Date): Promise<number> {
  const [row] = await runSql<{ people: number }>(
    pool,
    Prisma.sql`SELECT count(*)::int AS people FROM user_account u WHERE u.deactivated_at IS NULL AND ${unseenSql(since)}`,
  )
  return row?.people ?? 0
}
