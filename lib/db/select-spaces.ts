import { parseUsage } from '#lib/domain/parse-usage.ts'
import type { SpaceQuery } from '#lib/domain/space-query.ts'
import type { SpaceRow } from '#lib/domain/space-view.ts'
import { Prisma } from './client.ts'
import { existing } from './effective-sql.ts'
import { type LaterRoleJson, standingSpanSql, standingSql, toLaterRole } from './find-space.ts'
import { likePattern } from './like-pattern.ts'
import type { Pool } from './pool.ts'
import { reachableSql } from './reachable-sql.ts'
import { runSql } from './run-sql.ts'

export type SpaceListing = { rows: SpaceRow[]; total: number }

/** In the order of their indexes; `name` and `created_at` are never null. */
const orders = {
  name: { column: Prisma.sql`s.name`, up: Prisma.sql`s.name`, down: Prisma.sql`s.name DESC` },
  created: { column: Prisma.sql`s.created_at`, up: Prisma.sql`s.created_at`, down: Prisma.sql`s.created_at DESC` },
  ends: { column: Prisma.sql`s.ends_at`, up: Prisma.sql`s.ends_at`, down: Prisma.sql`s.ends_at DESC NULLS LAST` },
} as const

type Row = Omit<SpaceRow, 'owner' | 'usage' | 'later'> & {
  later: LaterRoleJson | null
  ownerHandle: string
  ownerName: string
  usage: unknown
}
/** The total comes with each row, or in a single row without a space when the page is empty. */
type Counted = { total: number } & (Row | { id: null })

/**
 * A page of spaces that are not deleted: those that the person owns or has a role in, or (for platform admins) all.
 * Counting stops at `totalBound`, so that a page costs the same with a hundred spaces and with ten thousand.
 */
export async function selectSpaces(
  pool: Pool,
  who: { userId: string; all: boolean; at: Date },
  query: SpaceQuery,
  bounds: { pageSize: number; totalBound: number },
): Promise<SpaceListing> {
  const standing = standingSql(who.userId, who.at)
  const conditions: Prisma.Sql[] = [existing]
  if (!who.all || query.role) conditions.push(Prisma.sql`s.id = ANY (${reachableSql(who.userId, who.at)})`)
  if (query.status) conditions.push(Prisma.sql`s.status = ${query.status}::space_status`)
  if (query.role) conditions.push(Prisma.sql`${standing} = ${query.role}`)
  if (query.owner === 'me') conditions.push(Prisma.sql`s.owner_id = ${who.userId}::uuid`)
  else if (query.owner)
    conditions.push(Prisma.sql`s.owner_id = (SELECT id FROM user_account WHERE handle = ${query.owner})`)
  if (query.search) conditions.push(Prisma.sql`(s.name || ' ' || s.description) ILIKE ${likePattern(query.search)}`)
  const where = Prisma.join(conditions, ' AND ')
  const { column, up, down } = orders[query.sort ?? 'name']
  const order = query.descending ? down : up
  const offset = ((query.page ?? 1) - 1) * bounds.pageSize
  const counted = Math.max(bounds.totalBound, offset + bounds.pageSize)
  const found = await runSql<Counted>(
    pool,
    Prisma.sql`
    WITH fits AS MATERIALIZED (SELECT s.id, ${column} FROM space s WHERE ${where} ORDER BY ${order}, s.id LIMIT ${counted}),
      page AS (SELECT s.id FROM fits s ORDER BY ${order}, s.id LIMIT ${bounds.pageSize} OFFSET ${offset})
    SELECT bounded.total, s.id, s.name, c.name AS cluster, s.namespace, s.description, s.size::text AS size,
      s.status::text AS status, s.created_at AS "createdAt", s.ends_at AS "endsAt", o.handle AS "ownerHandle",
      o.name AS "ownerName", (SELECT u.usage FROM space_usage u WHERE u.space_id = s.id) AS usage, ${standing} AS standing,
      ${standingSpanSql(who.userId, who.at)}
    FROM (SELECT least(count(*), ${bounds.totalBound})::int AS total FROM fits) bounded
      LEFT JOIN (page JOIN space s USING (id)) ON true
      LEFT JOIN cluster c ON c.id = s.cluster_id LEFT JOIN user_account o ON o.id = s.owner_id
    ORDER BY ${order}, s.id`,
  )
  const rows = found.filter((row): row is Row & Counted => row.id !== null)
  return {
    rows: rows.map(({ total: _, ownerHandle, ownerName, usage, later, ...row }) => ({
      ...row,
      later: toLaterRole(later),
      owner: { handle: ownerHandle, name: ownerName },
      usage: parseUsage(usage ?? []),
    })),
    total: found[0]?.total ?? 0,
  }
}
