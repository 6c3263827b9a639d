import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

/** @returns what the identity provider sent as groups at a person's last sign-in but cannot be a group's name */
export async function findLeftOutGroups(pool: Pool, userId: string): Promise<string[]> {
  const [person] = await runSql<{ groups: string[] }>(
    pool,
    Prisma.sql`SELECT left_out_groups AS groups FROM user_account WHERE id = ${userId}::uuid`,
  )
  return person?.groups ?? []
}
