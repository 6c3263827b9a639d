import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'

/** @returns the groups that are pushed */
export async function selectPushedGroupsOf(pool: Pool, groups: readonly PolicyGroup[]): Promise<PolicyGroup[]> {
  if (groups.length === 0) return []
  const names = groups.map(({ group }) => group)
  const issuers = groups.map(({ issuer }) => issuer)
  return runSql<PolicyGroup>(
    pool,
    Prisma.sql`
    SELECT p."group", p.issuer FROM unnest(${names}::text[], ${issuers}::text[]) p("group", issuer)
    WHERE EXISTS (SELECT FROM scim_group sg WHERE sg.display_name = p."group" AND sg.issuer = p.issuer)`,
  )
}
