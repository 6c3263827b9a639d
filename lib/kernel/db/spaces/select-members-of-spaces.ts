import type { Tx } from '#lib/kernel/db/client.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { notOver } from './effective-sql.ts'

/** @returns people with a personal role in some spaces, now or later */
export async function selectMembersOfSpaces(
  tx: Tx,
  spaceIds: readonly string[],
  at: Date,
): Promise<{ userId: string; spaceIds: string[] }[]> {
  return tx.$queryRaw<{ userId: string; spaceIds: string[] }[]>(Prisma.sql`
    SELECT g.user_id AS "userId", array_agg(DISTINCT g.space_id::text) AS "spaceIds" FROM space_grant g
    WHERE g.space_id = ANY (${[...spaceIds]}::uuid[]) AND g.user_id IS NOT NULL AND ${notOver(at)} GROUP BY g.user_id`)
}
