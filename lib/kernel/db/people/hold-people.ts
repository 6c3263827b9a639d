import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { isSuspendedSql } from './group-member-sql.ts'

export type HeldPerson = {
  userId: string
  issuer: string
  /** The one that counts now. */
  platformRole: PlatformRole
  adminUntil: Date | null
  deactivated: boolean
}

/**
 * Locks people's rows until the transaction ends, in a fixed order to avoid deadlocks. Others can still reference the
 * rows.
 * @returns their current state
 */
export async function holdPeople(tx: Tx, userIds: readonly string[]): Promise<HeldPerson[]> {
  return tx.$queryRaw<HeldPerson[]>(Prisma.sql`/* kept plan: hold-people */
    SELECT u.id AS "userId", u.issuer, CASE WHEN ${isSuspendedSql('u')} THEN 'member' ELSE u.platform_role::text END AS "platformRole",
      u.admin_until AS "adminUntil", u.deactivated_at IS NOT NULL AS deactivated FROM user_account u
    WHERE u.id = ANY (${userIds}::uuid[]) ORDER BY u.id FOR NO KEY UPDATE`)
}

/**
 * Locks the rows that are free, without waiting, so in any order.
 * @returns their ids
 */
export async function holdFreePeople(tx: Tx, userIds: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM user_account WHERE id = ANY (${userIds}::uuid[]) FOR NO KEY UPDATE SKIP LOCKED`
  return rows.map(({ id }) => id)
}
