import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { type LaterRoleJson, standingSpanSql, standingSql, toLaterRole } from '#lib/kernel/db/spaces/find-space.ts'
import { type SpaceViewer, spaceFilterSql, spaceOrderSql } from '#lib/kernel/db/spaces/space-filter-sql.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import type { SpaceFilter, SpaceOrder, SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { SpaceListed, SpacePage } from '#lib/kernel/model/spaces/space-view.ts'

export type SpaceListing = Pick<SpacePage, 'rows' | 'total' | 'ownerName'>

type Row = Omit<SpaceListed, 'owner' | 'usage' | 'later'> & {
  later: LaterRoleJson | null
  ownerHandle: string
  ownerName: string
  usage: unknown
}
/** Each row repeats the list's own columns; an empty page has one row without a space. */
type Counted = { total: number; ownerAsked: string | null } & (Row | { id: null })

/**
 * A page of undeleted spaces: the person's own and those with a role, or (for platform admins) all. Counting stops at
 * `totalBound`, so a page costs the same for a hundred spaces and for ten thousand.
 */
export async function selectSpaces(
  pool: Pool,
  who: SpaceViewer,
  query: SpaceQuery,
  bounds: { pageSize: number; totalBound: number },
): Promise<SpaceListing> {
  const standing = standingSql(who.userId, who.at)
  const where = spaceFilterSql(who, query)
  const { column, order } = spaceOrderSql(query)
  const named = who.all && query.owner && query.owner !== 'me' ? query.owner : null
  const offset = ((query.page ?? 1) - 1) * bounds.pageSize
  const counted = Math.max(bounds.totalBound, offset + bounds.pageSize)
  const found = await runSql<Counted>(
    pool,
    Prisma.sql`
    WITH fits AS MATERIALIZED (SELECT s.id, ${column} FROM space s WHERE ${where} ORDER BY ${order}, s.id LIMIT ${counted}),
      page AS (SELECT s.id FROM fits s ORDER BY ${order}, s.id LIMIT ${bounds.pageSize} OFFSET ${offset})
    SELECT bounded.total, (SELECT name FROM user_account WHERE handle = ${named}) AS "ownerAsked", s.id, s.name,
      c.name AS cluster, s.namespace, s.description, s.size::text AS size, s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt",
      s.declared_namespace AS "declaredNamespace", o.handle AS "ownerHandle", o.name AS "ownerName", (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage, ${standing} AS standing,
      CASE WHEN ${who.all} THEN (SELECT max(x.last_used_at) FROM space_use x WHERE x.space_id = s.id) END AS "lastUsedAt",
      ${standingSpanSql(who.userId, who.at)}
    FROM (SELECT least(count(*), ${bounds.totalBound})::int AS total FROM fits) bounded
      LEFT JOIN (page JOIN space s USING (id)) ON true
      LEFT JOIN cluster c ON c.id = s.cluster_id LEFT JOIN user_account o ON o.id = s.owner_id
    ORDER BY ${order}, s.id`,
  )
  const rows = found.filter((row): row is Row & Counted => row.id !== null)
  return {
    rows: rows.map(({ total: _, ownerAsked: __, ownerHandle, ownerName, usage, later, ...row }) => ({
      ...row,
      later: toLaterRole(later),
      owner: { handle: ownerHandle, name: ownerName },
      usage: parseUsage(usage ?? []),
    })),
    total: found[0]?.total ?? 0,
    // Viewers who don't see all spaces learn no more than the rows show.
    ownerName: found[0]?.ownerAsked ?? rows.find(({ ownerHandle }) => ownerHandle === query.owner)?.ownerName ?? null,
  }
}

/** @returns the ids of the spaces that match a filter, in its order; at most `limit` */
export async function selectSpaceIds(
  pool: Pool,
  who: SpaceViewer,
  query: SpaceFilter & SpaceOrder,
  limit: number,
): Promise<string[]> {
  const found = await runSql<{ id: string }>(
    pool,
    Prisma.sql`
    SELECT s.id FROM space s WHERE ${spaceFilterSql(who, query)} ORDER BY ${spaceOrderSql(query).order}, s.id LIMIT ${limit}`,
  )
  return found.map(({ id }) => id)
}
