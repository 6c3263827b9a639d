import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns how many people and groups are provisioned */
export async function countProvisioned(pool: Pool): Promise<{ people: number; groups: number }> {
  const [counts] = await runSql<{ people: number; groups: number }>(
    pool,
    Prisma.sql`SELECT (SELECT count(*)::int FROM scim_user) AS people, (SELECT count(*)::int FROM scim_group) AS groups`,
  )
  return counts ?? { people: 0, groups: 0 }
}
