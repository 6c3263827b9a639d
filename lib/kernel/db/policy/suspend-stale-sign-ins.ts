import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { claimsLastAtLeastSql, claimsLastSql, knownMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'

export type SuspendedPerson = {
  id: string
  handle: string
  /** Whether they are in any group; otherwise nothing changes for them. */
  isInGroup: boolean
}

const take = (tx: Tx, where: Prisma.Sql, suspendedAt: Date | null, limit: number): Promise<SuspendedPerson[]> =>
  tx.$queryRaw<SuspendedPerson[]>(Prisma.sql`
    WITH due AS (
      SELECT u.id FROM user_account u WHERE ${where} ORDER BY u.groups_verified_at, u.id LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE user_account u SET groups_suspended_at = ${suspendedAt} FROM due WHERE u.id = due.id
    RETURNING u.id, u.handle, EXISTS (SELECT FROM ${knownMemberSql} m WHERE m.user_id = u.id AND NOT m.pushed) AS "isInGroup"`)

/**
 * Takes people with groups confirmed too long ago, and marks them in this transaction. Concurrent workers take
 * different ones.
 * @returns at most `limit`
 */
export const suspendStaleSignIns = (tx: Tx, at: Date, limit: number): Promise<SuspendedPerson[]> =>
  take(
    tx,
    Prisma.sql`u.groups_suspended_at IS NULL AND u.groups_verified_at <= now() - ${claimsLastAtLeastSql}
      AND u.groups_verified_at <= now() - ${claimsLastSql('u')}`,
    at,
    limit,
  )

/** Takes people with suspended groups that count again, because the policy or the provider changed. */
export const takeResumedPeople = (tx: Tx, limit: number): Promise<SuspendedPerson[]> =>
  take(
    tx,
    Prisma.sql`u.groups_suspended_at IS NOT NULL AND (${claimsLastAtLeastSql} IS NULL OR u.groups_verified_at > now() - ${claimsLastSql('u')})`,
    null,
    limit,
  )
