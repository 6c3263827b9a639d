import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { groupMemberSql, privilegedMemberSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { StoredPolicy } from '#lib/kernel/model/policy/parse-policy.ts'

type PolicyRow = { stored: StoredPolicy | null; groups: string[]; privilegedGroups: string[] }

/**
 * Reads the newest version of the policy, and keeps it the newest until the transaction ends. To avoid deadlocks, call
 * it after locking people's rows and before spaces' rows.
 * @param alone excludes all other transactions that decide by the policy, to add a version
 * @param listed groups that count for the policy even when they are pushed
 * @returns the version (null: none was saved), the person's effective groups, and those that count for the policy
 */
export const holdPolicy = (tx: Tx, userId: string, alone: boolean, listed: readonly string[]): Promise<PolicyRow> =>
  find(
    tx,
    Prisma.sql`/* kept plan: hold-policy */
    SELECT p.number, p.rules, ${groupsOf(userId, listed)}
    FROM (SELECT 1) AS one LEFT JOIN hold_policy(${alone}) p ON true`,
  )

/** Like holdPolicy without a lock: a newer version may be added at any moment. */
export const readPolicyRow = (tx: Tx, userId: string, listed: readonly string[]): Promise<PolicyRow> =>
  find(
    tx,
    Prisma.sql`/* kept plan: read-policy */
    SELECT p.number, p.rules::text AS rules, ${groupsOf(userId, listed)}
    FROM (SELECT 1) AS one LEFT JOIN (SELECT number, rules FROM policy_version ORDER BY number DESC LIMIT 1) p ON true`,
  )

const groupsOf = (userId: string, listed: readonly string[]) =>
  Prisma.sql`ARRAY(SELECT m."group" FROM ${groupMemberSql} m WHERE m.user_id = ${userId}::uuid) AS groups,
    ARRAY(SELECT m."group" FROM ${privilegedMemberSql(listed)} m WHERE m.user_id = ${userId}::uuid) AS "privilegedGroups"`

async function find(tx: Tx, statement: Prisma.Sql): Promise<PolicyRow> {
  type Row = Omit<PolicyRow, 'stored'> & { number: number | null; rules: string | null }
  const [row] = await tx.$queryRaw<Row[]>(statement)
  if (!row) return { stored: null, groups: [], privilegedGroups: [] }
  const { number, rules, ...groups } = row
  return { stored: number === null || rules === null ? null : { number, rules }, ...groups }
}
