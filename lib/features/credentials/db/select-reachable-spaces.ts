import { type Db, Prisma } from '#lib/kernel/db/client.ts'
import { living } from '#lib/kernel/db/spaces/effective-sql.ts'
import { reachableSql } from '#lib/kernel/db/spaces/reachable-sql.ts'

const maxSpaces = 1_000

/** @returns the undeleted spaces in which a person has a role, by name; at most 1,000 */
export async function selectReachableSpaces(
  db: Db,
  userId: string,
  at: Date,
): Promise<{ cluster: string; name: string; namespace: string }[]> {
  return db.$queryRaw<{ cluster: string; name: string; namespace: string }[]>`
    SELECT c.name AS cluster, s.name, s.namespace FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE ${living} AND s.id = ANY (${reachableSql(userId, at)})
    ORDER BY s.name, c.name LIMIT ${Prisma.sql`${maxSpaces}`}`
}
