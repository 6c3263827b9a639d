import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { endsSoonSql } from '#lib/kernel/db/spaces/effective-sql.ts'
import { type LaterRoleJson, standingSpanSql, standingSql, toLaterRole } from '#lib/kernel/db/spaces/find-space.ts'
import { healthOutdatedSql, healthSql, inHealthSql, waitsForClusterSql } from '#lib/kernel/db/spaces/health-sql.ts'
import { type SpaceViewer, spaceFilterSql, spaceOrderSql } from '#lib/kernel/db/spaces/space-filter-sql.ts'
import { isFiltered } from '#lib/kernel/model/spaces/is-filtered.ts'
import { parseUsage } from '#lib/kernel/model/spaces/parse-usage.ts'
import { shownHealthOf } from '#lib/kernel/model/spaces/space-health.ts'
import type { SpaceFilter, SpaceOrder, SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { SpaceListed, SpacePage } from '#lib/kernel/model/spaces/space-view.ts'

export type SpaceListing = Pick<SpacePage, 'rows' | 'total' | 'ownerName' | 'attention' | 'endingSoon'>

type Row = Omit<SpaceListed, 'owner' | 'usage' | 'later' | 'health'> & {
  health: unknown
  healthOutdated: boolean
  later: LaterRoleJson | null
  ownerHandle: string
  ownerName: string
  usage: unknown
}
/** Each row repeats the list's own columns; an empty page has one row without a space. */
type Counted = { total: number; attention: number; endingSoon: number; ownerAsked: string | null } & (
  | Row
  | { id: null }
)

const keptPlan = Prisma.raw('/* kept plan: select-spaces */')
/** As text instead of a parameter, because a kept plan is made without the parameters’ values. */
const literal = (limit: number) => Prisma.raw(String(Math.trunc(limit)))

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
  const { from, column, order } = spaceOrderSql(who, query)
  const named = who.all && query.owner && query.owner !== 'me' ? query.owner : null
  const offset = ((query.page ?? 1) - 1) * bounds.pageSize
  // Finding a platform admin’s own spaces among all would take as long as the page.
  const counted = {
    most: Math.max(bounds.totalBound, offset + bounds.pageSize),
    attention: who.all ? Prisma.sql`FALSE` : inHealthSql(who, 'attention'),
    endingSoon: who.all ? Prisma.sql`FALSE` : endsSoonSql(who.at),
  }
  // With a filter, the best plan depends on its value.
  const mark = isFiltered(query) || offset > 0 ? Prisma.empty : keptPlan
  const found = await runSql<Counted>(
    pool,
    Prisma.sql`${mark}
    WITH fits AS MATERIALIZED (SELECT s.id, ${column}, ${counted.attention} AS troubled, ${counted.endingSoon} AS ends_soon FROM ${from} WHERE ${where} ORDER BY ${order}, s.id LIMIT ${literal(counted.most)}),
      page AS (SELECT s.id, row_number() OVER (ORDER BY ${order}, s.id) AS place FROM fits s ORDER BY place LIMIT ${literal(bounds.pageSize)} OFFSET ${literal(offset)})
    SELECT bounded.total, bounded.attention, bounded."endingSoon", (SELECT name FROM user_account WHERE handle = ${named}) AS "ownerAsked", s.id, s.name,
      c.name AS cluster, s.namespace, s.description, s.size::text AS size, s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt",
      s.declared_namespace AS "declaredNamespace", o.handle AS "ownerHandle", o.name AS "ownerName", (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage, ${standing} AS standing,
      ${who.all ? Prisma.sql`(SELECT max(x.last_used_at) FROM space_use x WHERE x.space_id = s.id)` : Prisma.sql`NULL::timestamptz`} AS "lastUsedAt",
      ${standingSpanSql(who.userId, who.at)},
      ${healthSql} AS health, ${healthOutdatedSql(who.at)} AS "healthOutdated", ${waitsForClusterSql} AS "waitsForCluster"
    FROM (SELECT least(count(*), ${literal(bounds.totalBound)})::int AS total, count(*) FILTER (WHERE troubled)::int AS attention, count(*) FILTER (WHERE ends_soon)::int AS "endingSoon" FROM fits) bounded
      LEFT JOIN (page JOIN space s USING (id)) ON true
      LEFT JOIN cluster c ON c.id = s.cluster_id LEFT JOIN user_account o ON o.id = s.owner_id
    ORDER BY page.place`,
  )
  const rows = found.filter((row): row is Row & Counted => row.id !== null)
  return {
    rows: rows.map(({ ownerHandle, ownerName, usage, later, ...rest }) => {
      const { total: _, attention: __, endingSoon: ___, ownerAsked: ____, health, healthOutdated, ...row } = rest
      return {
        ...row,
        health: shownHealthOf({ ...row, health, healthOutdated }),
        later: toLaterRole(later),
        owner: { handle: ownerHandle, name: ownerName },
        usage: parseUsage(usage ?? []),
      }
    }),
    total: found[0]?.total ?? 0,
    attention: found[0]?.attention ?? 0,
    endingSoon: found[0]?.endingSoon ?? 0,
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
  const { from, order } = spaceOrderSql(who, query)
  const found = await runSql<{ id: string }>(
    pool,
    Prisma.sql`
    SELECT s.id FROM ${from} WHERE ${spaceFilterSql(who, query)} ORDER BY ${order}, s.id LIMIT ${limit}`,
  )
  return found.map(({ id }) => id)
}
