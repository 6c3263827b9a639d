import type { Db } from '../db/client.ts'
import { findLeftOutGroups } from '../db/find-left-out-groups.ts'

/** What the identity provider sent among somebody's groups and is no name of one (parse-claims.ts). */
export const listLeftOutGroups = (db: Db, userId: string): Promise<string[]> => findLeftOutGroups(db, userId)
