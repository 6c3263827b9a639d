import type { OwnSpaces } from '#lib/features/overview/model/overview.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { endsSoonSql, existing } from '#lib/kernel/db/spaces/effective-sql.ts'
import { inHealthSql } from '#lib/kernel/db/spaces/health-sql.ts'
import { reachableSql } from '#lib/kernel/db/spaces/reachable-sql.ts'

/** @returns what a person should look at among the spaces in which they have a role */
export async function countOwnAttention(pool: Pool, userId: string, at: Date): Promise<OwnSpaces> {
  const [row] = await runSql<OwnSpaces>(
    pool,
    Prisma.sql`/* kept plan: count-own-attention */
    SELECT count(*) FILTER (WHERE ${inHealthSql({ userId, all: false, at }, 'attention')})::int AS attention,
      count(*) FILTER (WHERE s.owner_id = ${userId}::uuid AND ${endsSoonSql(at)})::int AS "endingSoon"
    FROM space s WHERE ${existing} AND s.id = ANY (${reachableSql(userId, at)})`,
  )
  if (!row) throw new Error('an aggregate has one row')
  return row
}
