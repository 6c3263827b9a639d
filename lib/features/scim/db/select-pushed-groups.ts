import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { pushedUntilSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { living, notOver } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { PushedGroup } from '#lib/kernel/model/people/provisioning-view.ts'

/** SQL for the number of active spaces in which a pushed group has a role. */
const spacesSql = (at: Date) => Prisma.sql`(
  SELECT count(DISTINCT g.space_id)::int FROM space_grant g JOIN space s ON s.id = g.space_id
  WHERE g."group" = pushed_group.display_name AND g.group_issuer = pushed_group.issuer AND ${notOver(at)} AND ${living})`

/** @returns a page of the pushed groups, by name */
export const selectPushedGroups = (
  pool: Pool,
  { skip, take, at }: { skip: number; take: number; at: Date },
): Promise<PushedGroup[]> =>
  runSql<PushedGroup>(
    pool,
    Prisma.sql`
    SELECT pushed_group.id, pushed_group.display_name AS name, pushed_group.modified_at AS "changedAt",
      (SELECT t.name FROM scim_token t WHERE t.id = pushed_group.changed_by_id) AS "changedBy",
      (SELECT count(*)::int FROM scim_group_member m WHERE m.group_id = pushed_group.id) AS members,
      ${spacesSql(at)} AS spaces, ${pushedUntilSql} <= now() IS TRUE AS paused
    FROM (SELECT * FROM scim_group ORDER BY display_name, id LIMIT ${take} OFFSET ${skip}) pushed_group
    ORDER BY pushed_group.display_name, pushed_group.id`,
  )

export type FoundGroup = { id: string; name: string; issuer: string }

/** @returns a pushed group, or null */
export async function findPushedGroup(db: Db | Tx, id: string): Promise<FoundGroup | null> {
  const group = await db.scimGroup.findUnique({ where: { id }, select: { id: true, displayName: true, issuer: true } })
  return group && { id: group.id, name: group.displayName, issuer: group.issuer }
}

/** @returns the number of a pushed group's members, and of spaces where it has a role */
export async function countPushedGroup(tx: Tx, id: string, at: Date): Promise<{ members: number; spaces: number }> {
  const [row] = await tx.$queryRaw<{ members: number; spaces: number }[]>`
    SELECT (SELECT count(*)::int FROM scim_group_member m WHERE m.group_id = pushed_group.id) AS members, ${spacesSql(at)} AS spaces
    FROM scim_group pushed_group WHERE pushed_group.id = ${id}::uuid`
  return row ?? { members: 0, spaces: 0 }
}
