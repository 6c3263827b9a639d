import type { SpaceListItem } from '#lib/features/access/model/access-report.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { existing, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import { foundStatusSql } from '#lib/kernel/db/spaces/health-sql.ts'

/** @returns all spaces on all clusters by name, after the one with the id `after`; at most `limit` */
export function selectSpacesByName(
  pool: Pool,
  { search, after }: { search?: string | undefined; after?: string | undefined },
  { at, limit }: { at: Date; limit: number },
): Promise<SpaceListItem[]> {
  const conditions = [existing]
  if (search)
    // The first condition matches an index.
    conditions.push(
      Prisma.sql`(s.name || ' ' || s.description) ILIKE ${likePattern(search)} AND s.name ILIKE ${likePattern(search)}`,
    )
  if (after)
    conditions.push(Prisma.sql`(s.name, s.id) > (SELECT a.name, a.id FROM space a WHERE a.id = ${after}::uuid)`)
  return runSql<SpaceListItem>(
    pool,
    Prisma.sql`
    SELECT s.id, s.name, c.name AS cluster, (${foundStatusSql})::text AS status, json_build_object('handle', o.handle, 'name', o.name) AS owner,
      (SELECT count(*)::int FROM space_grant g WHERE g.space_id = s.id AND ${notOver(at)}) AS grants
    FROM (SELECT s.id, s.name FROM space s WHERE ${Prisma.join(conditions, ' AND ')} ORDER BY s.name, s.id LIMIT ${limit}) page
      JOIN space s ON s.id = page.id JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
    ORDER BY page.name, page.id`,
  )
}
