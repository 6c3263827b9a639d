import type { StoredPolicy } from '#lib/domain/parse-policy.ts'
import { Prisma, type Tx } from './client.ts'
import { groupMemberSql } from './group-member-sql.ts'

type Found = { stored: StoredPolicy | null; groups: string[] }

/**
 * Reads the newest version of the policy, which stays the newest until the transaction ends. Held after people's rows
 * and before spaces' rows; otherwise two transactions could deadlock.
 * @param alone whether to wait for all who decide by the current version, and to let nobody else until this ends: for
 *   the transaction that adds a version
 * @returns it (null: none was saved), and those of the person's groups that count now
 */
export const holdPolicy = (tx: Tx, userId: string, alone: boolean): Promise<Found> =>
  find(
    tx,
    Prisma.sql`/* kept plan: hold-policy */
    SELECT p.number, p.rules, ${groupsOf(userId)} FROM (SELECT 1) AS one LEFT JOIN hold_policy(${alone}) p ON true`,
  )

/** Reads the same, and holds nothing: a newer version may be added at any moment. */
export const readPolicyRow = (tx: Tx, userId: string): Promise<Found> =>
  find(
    tx,
    Prisma.sql`/* kept plan: read-policy */
    SELECT p.number, p.rules::text AS rules, ${groupsOf(userId)}
    FROM (SELECT 1) AS one LEFT JOIN (SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1) p ON true`,
  )

const groupsOf = (userId: string) =>
  Prisma.sql`ARRAY(SELECT m."group" FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid) AS groups`

async function find(tx: Tx, statement: Prisma.Sql): Promise<Found> {
  const [row] = await tx.$queryRaw<{ number: number | null; rules: string | null; groups: string[] }[]>(statement)
  if (!row) return { stored: null, groups: [] }
  const { number, rules, groups } = row
  return { stored: number === null || rules === null ? null : { number, rules }, groups }
}
