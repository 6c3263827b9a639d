import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'

export type GroupClaims = {
  /** When the provider last confirmed the person's groups. */
  verifiedAt: Date
  /** Entries in the groups claim that aren't valid group names. */
  leftOut: string[]
  subject: string
  /** The platform role that the operator gives them by name. */
  namedRole: PlatformRole
}

/** @returns the sources of a person's groups and platform role; null: there is no such person */
export async function findGroupClaims(pool: Pool, userId: string): Promise<GroupClaims | null> {
  const [person] = await runSql<GroupClaims>(
    pool,
    Prisma.sql`
    SELECT groups_verified_at AS "verifiedAt", left_out_groups AS "leftOut", subject,
      named_role::text AS "namedRole"
    FROM user_account WHERE id = ${userId}::uuid`,
  )
  return person ?? null
}
