import { findGroupClaims, type GroupClaims } from '#lib/auth/db/find-group-claims.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** When the provider last said which groups a person is in, and what it sent that isn't a valid name (parse-claims.ts). */
export const readGroupClaims = (pool: Pool, userId: string): Promise<GroupClaims | null> =>
  findGroupClaims(pool, userId)
