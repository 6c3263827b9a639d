import type { QuotaUsage } from '../domain/space-inside.ts'
import type { SpaceQuery, SpaceRow } from '../domain/space-view.ts'
import { Prisma } from './client.ts'
import { standingSql } from './find-space.ts'
import { likePattern } from './like-pattern.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

export type SpaceListing = { rows: SpaceRow[]; total: number }

const orders = { name: Prisma.sql`s.name`, created: Prisma.sql`s.created_at`, ends: Prisma.sql`s.ends_at` } as const

type Row = Omit<SpaceRow, 'owner' | 'usage'> & { ownerHandle: string; ownerName: string; usage: QuotaUsage[] | null }

/**
 * A page of living spaces: those that the person owns or has a role in, or (for platform admins) all.
 * Counting stops at `totalBound`, so that a page costs the same with a hundred spaces and with ten thousand.
 */
export async function listSpaces(
  pool: Pool,
  who: { userId: string; all: boolean; at: Date },
  query: SpaceQuery,
  bounds: { pageSize: number; totalBound: number },
): Promise<SpaceListing> {
  const standing = standingSql(who.userId, who.at)
  const conditions = [Prisma.sql`s.status <> 'deleted'`]
  if (!who.all || query.role) conditions.push(Prisma.sql`s.id IN (${reachable(who.userId, who.at)})`)
  if (query.status) conditions.push(Prisma.sql`s.status = ${query.status}::space_status`)
  if (query.role) conditions.push(Prisma.sql`${standing} = ${query.role}`)
  if (query.owner === 'me') conditions.push(Prisma.sql`s.owner_id = ${who.userId}::uuid`)
  else if (query.owner)
    conditions.push(Prisma.sql`s.owner_id = (SELECT id FROM user_account WHERE handle = ${query.owner})`)
  if (query.search) conditions.push(Prisma.sql`(s.name || ' ' || s.description) ILIKE ${likePattern(query.search)}`)
  const where = Prisma.join(conditions, ' AND ')
  const order = orders[query.sort ?? 'name']
  const direction = query.descending ? Prisma.sql`DESC NULLS LAST` : Prisma.sql`ASC NULLS LAST`
  const offset = ((query.page ?? 1) - 1) * bounds.pageSize
  const [rows, counts] = await Promise.all([
    runSql<Row>(
      pool,
      Prisma.sql`
      WITH page AS (
        SELECT s.* FROM space s WHERE ${where} ORDER BY ${order} ${direction}, s.id LIMIT ${bounds.pageSize} OFFSET ${offset}
      )
      SELECT s.id, s.name, c.name AS cluster, s.namespace, s.description, s.size::text AS size, s.status::text AS status,
        s.created_at AS "createdAt", s.ends_at AS "endsAt", o.handle AS "ownerHandle", o.name AS "ownerName", u.usage,
        ${standing} AS standing
      FROM page s JOIN cluster c ON c.id = s.cluster_id JOIN user_account o ON o.id = s.owner_id
        LEFT JOIN space_usage u ON u.space_id = s.id
      ORDER BY ${order} ${direction}, s.id`,
    ),
    runSql<{ total: number }>(
      pool,
      Prisma.sql`
      SELECT count(*)::int AS total FROM (SELECT 1 FROM space s WHERE ${where} LIMIT ${bounds.totalBound}) AS bounded`,
    ),
  ])
  return {
    rows: rows.map(({ ownerHandle, ownerName, usage, ...row }) => ({
      ...row,
      owner: { handle: ownerHandle, name: ownerName },
      usage: usage ?? [],
    })),
    total: counts[0]?.total ?? 0,
  }
}

const reachable = (userId: string, at: Date) => Prisma.sql`
  SELECT id FROM space WHERE owner_id = ${userId}::uuid AND status <> 'deleted'
  UNION
  SELECT g.space_id FROM space_grant g
  WHERE g.removed_at IS NULL AND g.starts_at <= ${at} AND (g.ends_at IS NULL OR g.ends_at > ${at})
    AND (g.user_id = ${userId}::uuid OR g."group" IN (SELECT ug."group" FROM user_group ug WHERE ug.user_id = ${userId}::uuid))`
