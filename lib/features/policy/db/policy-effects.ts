import { Prisma } from '#lib/kernel/db/client.ts'
import type { DecidingGroups } from '#lib/kernel/db/people/decides-sql.ts'
import { claimsWouldLastSql, knownMemberSql, knownPrivilegedSql } from '#lib/kernel/db/people/group-member-sql.ts'
import { unseenSql } from '#lib/kernel/db/people/select-people.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, grantedText, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'

/** @returns the number of active people whose roles from groups would be suspended now with this limit of hours */
export async function countStaleGroups(pool: Pool, hours: number, at: Date): Promise<number> {
  const [row] = await runSql<{ people: number }>(
    pool,
    Prisma.sql`
    SELECT count(*)::int AS people FROM user_account u
    WHERE u.deactivated_at IS NULL AND u.groups_verified_at <= now() - ${claimsWouldLastSql(hours, 'u')}
      AND EXISTS (SELECT FROM ${knownMemberSql} m JOIN space_grant g USING ("group", group_issuer) JOIN space s ON s.id = g.space_id
        WHERE m.user_id = u.id AND NOT m.pushed AND ${existing} AND ${notOver(at)} AND ${Prisma.raw(grantedText('m.user_id'))})`,
  )
  return row?.people ?? 0
}

/** @returns the number of active people without activity since a point in time */
export async function countUnseen(pool: Pool, since: Date): Promise<number> {
  const [row] = await runSql<{ people: number }>(
    pool,
    Prisma.sql`SELECT count(*)::int AS people FROM user_account u WHERE u.deactivated_at IS NULL AND ${unseenSql(since)}`,
  )
  return row?.people ?? 0
}

/** @returns the groups without an active account */
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
