import { type Db, Prisma } from './client.ts'
import { standingSql } from './find-space.ts'

const mostSpaces = 1_000

/** @returns the living spaces in which a person has a standing, by name; at most 1,000 */
export async function listReachableSpaces(
  db: Db,
  userId: string,
  at: Date,
): Promise<{ cluster: string; name: string; namespace: string }[]> {
  return db.$queryRaw<{ cluster: string; name: string; namespace: string }[]>`
    SELECT c.name AS cluster, s.name, s.namespace FROM space s JOIN cluster c ON c.id = s.cluster_id
    WHERE s.status NOT IN ('deleted', 'deleting') AND ${standingSql(userId, at)} IS NOT NULL
    ORDER BY s.name, c.name LIMIT ${Prisma.sql`${mostSpaces}`}`
}
