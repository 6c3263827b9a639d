import type { PolicyGroup } from '#lib/domain/policy-group.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns those of the groups that are pushed */
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
