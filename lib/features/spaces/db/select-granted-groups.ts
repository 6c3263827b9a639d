import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'

/** @returns groups with a role in any space whose name contains the text, an exact match first; at most `limit` */
export const selectGrantedGroups = (
  pool: Pool,
  text: string,
  { at, limit }: { at: Date; limit: number },
): Promise<{ group: string; issuer: string; spaces: number }[]> =>
  runSql(
    pool,
    Prisma.sql`
    SELECT g."group", g.group_issuer AS issuer, count(DISTINCT g.space_id)::int AS spaces
    FROM space_grant g JOIN space s ON s.id = g.space_id
    WHERE g."group" ILIKE ${likePattern(text)} AND ${notOver(at)} AND ${existing}
    GROUP BY g."group", g.group_issuer
    ORDER BY g."group" = ${text} DESC, g."group", g.group_issuer LIMIT ${limit}`,
  )
