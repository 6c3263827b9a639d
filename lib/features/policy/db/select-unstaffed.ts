import { Prisma } from '#lib/kernel/db/client.ts'
import type { DecidingGroups } from '#lib/kernel/db/people/decides-sql.ts'
import { knownPrivilegedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'

/**
 * @returns those of the groups in which nobody has an active account
 */
export async function selectUnstaffed(
  reader: Reader,
  groups: readonly PolicyGroup[],
  { issuers: configured, listed }: DecidingGroups,
): Promise<PolicyGroup[]> {
  if (groups.length === 0) return []
  const names = groups.map(({ group }) => group)
  const issuers = groups.map((one) => one.issuer)
  return runSql<PolicyGroup>(
    reader,
    Prisma.sql`
    SELECT p."group", p.issuer FROM unnest(${names}::text[], ${issuers}::text[]) p("group", issuer)
    WHERE p.issuer <> ALL (${[...configured]}::text[]) OR NOT EXISTS (
      SELECT FROM ${knownPrivilegedSql(listed)} m JOIN user_account a ON a.id = m.user_id
      WHERE m."group" = p."group" AND m.group_issuer = p.issuer AND a.deactivated_at IS NULL)`,
  )
}
