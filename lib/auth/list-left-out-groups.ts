import type { Db } from '#lib/db/client.ts'
import { findLeftOutGroups } from '#lib/db/find-left-out-groups.ts'

/** What the identity provider sent among a person's groups that isn't a valid group name (parse-claims.ts). */
export const listLeftOutGroups = (db: Db, userId: string): Promise<string[]> => findLeftOutGroups(db, userId)
