import type { Db } from '#lib/db/client.ts'
import { findLeftOutGroups } from '#lib/db/find-left-out-groups.ts'

/** What the identity provider sent among somebody's groups and is no name of one (parse-claims.ts). */
export const listLeftOutGroups = (db: Db, userId: string): Promise<string[]> => findLeftOutGroups(db, userId)
