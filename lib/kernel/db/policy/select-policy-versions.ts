import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'

export type PolicyVersionRecord = {
  number: number
  /** JSON text. */
  rules: string
  reason: string
  at: Date
  author: { handle: string; name: string }
}

/**
 * @param before only versions below this number; default: all
 * @returns versions, newest first
 */
export const selectPolicyVersions = (
  reader: Reader,
  { before, take }: { before?: number | undefined; take: number },
): Promise<PolicyVersionRecord[]> =>
  runSql<PolicyVersionRecord>(
    reader,
    Prisma.sql`
    SELECT p.number, p.rules::text AS rules, p.reason, p.created_at AS at,
      json_build_object('handle', u.handle, 'name', u.name) AS author
    FROM policy_version p JOIN user_account u ON u.id = p.author_id
    WHERE p.number < ${before ?? 2_147_483_647}
    ORDER BY p.number DESC LIMIT ${take}`,
  )
