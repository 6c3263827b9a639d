import { type Db, Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { isCountedMemberSql } from './group-member-sql.ts'

/**
 * Locks, in order of ids, people with a platform role whose sign-ins named one of some groups.
 * @returns their ids
 */
export async function holdRoleHolders(tx: Tx, issuer: string, groups: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT u.id FROM user_account u WHERE u.platform_role <> 'member' AND rtrim(u.issuer, '/') = ${issuer}
      AND EXISTS (SELECT FROM user_group g WHERE g.user_id = u.id AND g."group" = ANY (${[...groups]}::text[]))
    ORDER BY u.id FOR NO KEY UPDATE`
  return rows.map(({ id }) => id)
}

/** Like holdRoleHolders, without locks. */
export async function selectRoleHolderIds(db: Db | Tx, issuer: string, groups: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>`
    SELECT u.id FROM user_account u WHERE u.platform_role <> 'member' AND rtrim(u.issuer, '/') = ${issuer}
      AND EXISTS (SELECT FROM user_group g WHERE g.user_id = u.id AND g."group" = ANY (${[...groups]}::text[]))`
  return rows.map(({ id }) => id)
}

export type RoleHolder = {
  id: string
  handle: string
  name: string
  platformRole: PlatformRole
  /** Assigned to them by name, whatever their groups. */
  namedRole: PlatformRole
  groups: string[]
}

/**
 * @param listed groups that may be pushed although they give a platform role
 * @returns people (rows must be locked), with the sign-in groups that count for the role
 */
export const selectRoleHolders = (
  tx: Tx,
  issuer: string,
  ids: readonly string[],
  listed: readonly string[],
): Promise<RoleHolder[]> =>
  tx.$queryRaw<RoleHolder[]>`
    SELECT u.id, u.handle, u.name, u.platform_role::text AS "platformRole", u.named_role::text AS "namedRole",
      ARRAY(SELECT g."group" FROM user_group g WHERE g.user_id = u.id AND NOT EXISTS (
        SELECT FROM scim_group pushed_group
        WHERE pushed_group.display_name = g."group" AND pushed_group.issuer = ${issuer} AND pushed_group.display_name = ANY (${[...listed]}::text[])
          AND NOT ${isCountedMemberSql(Prisma.sql`u.id`)})) AS groups
    FROM user_account u WHERE u.id = ANY (${[...ids]}::uuid[]) ORDER BY u.id`

/** Sets people's platform role. Their rows must be locked. */
export async function setPlatformRole(tx: Tx, ids: readonly string[], platformRole: PlatformRole): Promise<void> {
  if (ids.length > 0) await tx.user.updateMany({ where: { id: { in: [...ids] } }, data: { platformRole } })
}

export async function selectActiveAdmins(tx: Tx, issuers: readonly string[]): Promise<string[]> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM user_account WHERE platform_role = 'admin' AND deactivated_at IS NULL AND rtrim(issuer, '/') = ANY (${[...issuers]}::text[])`
  return rows.map(({ id }) => id)
}

/** Forgets a group's memberships from sign-ins, until the next sign-in. */
export async function forgetGroup(tx: Tx, issuer: string, group: string): Promise<void> {
  await tx.$executeRaw`
    DELETE FROM user_group g USING user_account u
    WHERE u.id = g.user_id AND g."group" = ${group} AND rtrim(u.issuer, '/') = ${issuer}`
}
