import type { StoredPolicy } from '#lib/domain/parse-policy.ts'
import { Prisma, type Tx } from './client.ts'
import { groupMemberSql } from './group-member-sql.ts'

/**
 * Reads the newest version of the policy, which stays the newest until the transaction ends. Held after people's rows
 * and before spaces' rows; otherwise two transactions could deadlock.
 * @param alone whether to wait for all who decide by the current version, and to let nobody else until this ends: for
 *   the transaction that adds a version
 * @returns it (null: none was saved), and those of the person's groups that count now
 */
export async function holdPolicy(
  tx: Tx,
  userId: string,
  alone: boolean,
): Promise<{ stored: StoredPolicy | null; groups: string[] }> {
  const [row] = await tx.$queryRaw<{ number: number | null; rules: string | null; groups: string[] }[]>(
    Prisma.sql`/* kept plan: hold-policy */
    SELECT p.number, p.rules, ARRAY(SELECT m."group" FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid) AS groups
    FROM (SELECT 1) AS one LEFT JOIN hold_policy(${alone}) p ON true`,
  )
  if (!row) return { stored: null, groups: [] }
  const { number, rules, groups } = row
  return { stored: number === null || rules === null ? null : { number, rules }, groups }
}
