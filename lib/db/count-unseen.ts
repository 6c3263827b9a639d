import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { unseenSql } from './select-people.ts'

/** @returns how many active people nobody has seen after an instant */
export async function countUnseen(pool: Pool, since: Date): Promise<number> {
  const [row] = await runSql<{ people: number }>(
    pool,
    Prisma.sql`SELECT count(*)::int AS people FROM user_account u WHERE u.deactivated_at IS NULL AND ${unseenSql(since)}`,
  )
  return row?.people ?? 0
}
