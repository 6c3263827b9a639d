import { findGroupClaims, type GroupClaims } from '#lib/auth/db/find-group-claims.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

/** When the provider last confirmed a person's groups, and the invalid names that it sent (parse-claims.ts). */
export const readGroupClaims = (pool: Pool, userId: string): Promise<GroupClaims | null> =>
  findGroupClaims(pool, userId)
