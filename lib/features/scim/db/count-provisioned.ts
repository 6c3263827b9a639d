import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

type Counts = { people: number; groups: number; admins: number }

/** @returns the number of provisioned people and groups, and of platform admins */
export async function countProvisioned(pool: Pool, issuers: readonly string[]): Promise<Counts> {
  const [counts] = await runSql<Counts>(
    pool,
    Prisma.sql`SELECT (SELECT count(*)::int FROM scim_user) AS people, (SELECT count(*)::int FROM scim_group) AS groups,
      (SELECT count(*)::int FROM user_account u WHERE u.platform_role = 'admin' AND u.deactivated_at IS NULL
        AND rtrim(u.issuer, '/') = ANY (${[...issuers]}::text[])) AS admins`,
  )
  return counts ?? { people: 0, groups: 0, admins: 0 }
}
