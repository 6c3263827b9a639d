import { findLeftOutGroups } from '#lib/db/find-left-out-groups.ts'
import type { Pool } from '#lib/db/pool.ts'

/** What the identity provider sent among a person's groups that isn't a valid group name (parse-claims.ts). */
export const listLeftOutGroups = (pool: Pool, userId: string): Promise<string[]> => findLeftOutGroups(pool, userId)
