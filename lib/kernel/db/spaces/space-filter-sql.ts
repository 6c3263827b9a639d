import { Prisma } from '#lib/kernel/db/client.ts'
import { likePattern } from '#lib/kernel/db/like-pattern.ts'
import { defaultSortOf } from '#lib/kernel/model/spaces/default-sort.ts'
import type { SpaceFilter, SpaceOrder } from '#lib/kernel/model/spaces/space-query.ts'
import { endsSoonSql, existing, notOver } from './effective-sql.ts'
import { standingSql } from './find-space.ts'
import { inHealthSql, inStatusSql, urgencySql } from './health-sql.ts'
import { reachableSql } from './reachable-sql.ts'

/** The viewer. `all`: they see every space; `issuer`: the provider of groups that are named without one. */
export type SpaceViewer = { userId: string; all: boolean; at: Date; issuer: string }

/** In the order of their indexes; `name` and `created_at` are never null. */
const orders = {
  attention: {
    column: Prisma.sql`s.name, s.urgency`,
    up: Prisma.sql`s.urgency, s.name`,
    down: Prisma.sql`s.urgency DESC NULLS FIRST, s.name DESC`,
  },
  name: { column: Prisma.sql`s.name`, up: Prisma.sql`s.name`, down: Prisma.sql`s.name DESC` },
  created: { column: Prisma.sql`s.created_at`, up: Prisma.sql`s.created_at`, down: Prisma.sql`s.created_at DESC` },
  ends: { column: Prisma.sql`s.ends_at`, up: Prisma.sql`s.ends_at`, down: Prisma.sql`s.ends_at DESC NULLS LAST` },
} as const

/** @returns the spaces to choose from, as `s`; their order, and the columns that it needs; append `s.id` */
export function spaceOrderSql(viewer: SpaceViewer, query: SpaceOrder) {
  const sort = query.sort ?? defaultSortOf(viewer.all)
  const { column, up, down } = orders[sort]
  const from =
    sort === 'attention'
      ? Prisma.sql`(SELECT s.*, ${urgencySql(viewer)} AS urgency FROM space s) s`
      : Prisma.sql`space s`
  return { from, column, order: query.descending ? down : up }
}

/** @returns the condition for existing spaces `s` that the viewer may see and that match the filter */
export function spaceFilterSql({ userId, all, at, issuer }: SpaceViewer, filter: SpaceFilter): Prisma.Sql {
  const conditions: Prisma.Sql[] = [existing]
  if (!all || filter.role) conditions.push(Prisma.sql`s.id = ANY (${reachableSql(userId, at)})`)
  if (filter.status) conditions.push(inStatusSql(filter.status))
  if (filter.health) conditions.push(inHealthSql({ userId, all, at }, filter.health))
  if (filter.role && filter.role !== 'any') conditions.push(Prisma.sql`${standingSql(userId, at)} = ${filter.role}`)
  if (filter.owner === 'me') conditions.push(Prisma.sql`s.owner_id = ${userId}::uuid`)
  else if (filter.owner)
    conditions.push(Prisma.sql`s.owner_id = (SELECT id FROM user_account WHERE handle = ${filter.owner})`)
  if (filter.group)
    conditions.push(Prisma.sql`s.id = ANY (ARRAY(
      SELECT g.space_id FROM space_grant g
      WHERE g."group" = ${filter.group} AND g.group_issuer = ${filter.issuer ?? issuer} AND ${notOver(at)}))`)
  if (filter.size) conditions.push(Prisma.sql`s.size = ${filter.size}::space_size`)
  if (filter.cluster)
    conditions.push(Prisma.sql`s.cluster_id = (SELECT id FROM cluster WHERE name = ${filter.cluster})`)
  if (filter.ends) conditions.push(endsSoonSql(at))
  if (filter.managed)
    conditions.push(
      filter.managed === 'git'
        ? Prisma.sql`s.declared_namespace IS NOT NULL`
        : Prisma.sql`s.declared_namespace IS NULL`,
    )
  if (filter.search) conditions.push(Prisma.sql`(s.name || ' ' || s.description) ILIKE ${likePattern(filter.search)}`)
  return Prisma.join(conditions, ' AND ')
}
