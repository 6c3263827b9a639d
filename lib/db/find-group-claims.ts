import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

export type GroupClaims = {
  /** When the provider last said which groups the person is in. */
  verifiedAt: Date
  /** What it sent as groups but cannot be a group's name. */
  leftOut: string[]
}

/** @returns where a person's groups come from; null: there is no such person */
export async function findGroupClaims(pool: Pool, userId: string): Promise<GroupClaims | null> {
  const [person] = await runSql<GroupClaims>(
    pool,
    Prisma.sql`
    SELECT groups_verified_at AS "verifiedAt", left_out_groups AS "leftOut" FROM user_account WHERE id = ${userId}::uuid`,
  )
  return person ?? null
}
