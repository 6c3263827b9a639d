import { createHash } from 'node:crypto'
import type { Filter } from '#lib/features/scim/protocol/filter.ts'
import { parseData } from '#lib/features/scim/protocol/parse-data.ts'
import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { allUserAttributes, type User } from '#lib/features/scim/protocol/user.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { deleteMemberships } from '#lib/kernel/db/people/group-members.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { userFilterSql } from './scim-filter-sql.ts'
import { takenIfUnique } from './taken-if-unique.ts'

/** The columns of a user, from the tables `su` and `u`. */
const scimUserColumns = Prisma.sql`
  su.id, su.user_id AS "userId", su.user_name AS "userName", su.external_id AS "externalId", su.display_name AS "displayName",
  su.attributes, su.version, u.deactivated_at IS NULL AS active, su.created_at AS "createdAt", su.modified_at AS "modifiedAt",
  (SELECT coalesce(json_agg(json_build_object('id', g.id, 'displayName', g.display_name) ORDER BY g.display_name), '[]')
    FROM scim_group_member m JOIN scim_group g ON g.id = m.group_id WHERE m.user_id = su.user_id) AS groups`

type ScimUserRow = Omit<StoredUser, 'version' | 'attributes'> & {
  userId: string
  version: number
  attributes: object
}

const attributes = allUserAttributes('externalId')

/** @returns a row ready to render. Its version changes with everything rendered, including `active` and the groups. */
const storedUser = ({ userId: _, version, attributes: kept, ...user }: ScimUserRow): StoredUser => ({
  ...user,
  attributes: parseData(kept, attributes),
  version: `${version}-${digest([user.active, user.groups])}`,
})

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 8)

/** @returns a provisioned person with the groups they were pushed into, or null */
export async function findScimUser(reader: Reader, id: string): Promise<StoredUser | null> {
  const [row] = await runSql<ScimUserRow>(
    reader,
    Prisma.sql`
    SELECT ${scimUserColumns} FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE su.id = ${id}::uuid`,
  )
  return row ? storedUser(row) : null
}

/**
 * Adds the provider's data about a person.
 * @returns false if another user has the userName, externalId or account
 */
export async function insertScimUser(
  tx: Tx,
  { userName, externalId, displayName, attributes }: User,
  { id, userId, at }: { id: string; userId: string; at: Date },
): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO scim_user (id, user_id, user_name, external_id, display_name, attributes, created_at, modified_at)
    VALUES (${id}::uuid, ${userId}::uuid, ${userName}, ${externalId ?? null}, ${displayName ?? null}, ${JSON.stringify(attributes)}::jsonb, ${at}, ${at})
    ON CONFLICT DO NOTHING`
  return added > 0
}

/**
 * Replaces the provider's data about a person. Their row must be locked.
 * @throws AppError scim_taken if another user has the userName or externalId
 */
export async function updateScimUser(
  tx: Tx,
  id: string,
  { userName, externalId, displayName, attributes }: User,
  at: Date,
): Promise<void> {
  const data = {
    userName,
    externalId: externalId ?? null,
    displayName: displayName ?? null,
    attributes: { ...attributes },
    version: { increment: 1 },
    modifiedAt: at,
  }
  await tx.scimUser
    .update({ where: { id }, data, select: { id: true } })
    .catch(takenIfUnique('Another user has this userName or externalId.'))
}

/** Deletes the provider's data about a person and their pushed memberships. Their account stays. */
export async function deleteScimUser(tx: Tx, { id, userId }: { id: string; userId: string }): Promise<void> {
  await deleteMemberships(tx, userId)
  await tx.scimUser.delete({ where: { id }, select: { id: true } })
}

export type ScimPage = { filter: Filter | null; startIndex: number; count: number }

/**
 * @returns a page of the provisioned people, oldest first, and their total number
 * @throws AppError scim_filter
 */
export async function selectScimUsers(
  pool: Pool,
  { filter, startIndex, count }: ScimPage,
): Promise<{ users: StoredUser[]; total: number }> {
  const condition = userFilterSql(filter)
  const [rows, [counted]] = await Promise.all([
    runSql<ScimUserRow>(
      pool,
      Prisma.sql`
      WITH page AS (
        SELECT su.id FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE ${condition}
        ORDER BY su.created_at, su.id LIMIT ${count} OFFSET ${startIndex - 1})
      SELECT ${scimUserColumns} FROM page JOIN scim_user su ON su.id = page.id JOIN user_account u ON u.id = su.user_id
      ORDER BY su.created_at, su.id`,
    ),
    runSql<{ total: number }>(
      pool,
      Prisma.sql`SELECT count(*)::int AS total FROM scim_user su JOIN user_account u ON u.id = su.user_id WHERE ${condition}`,
    ),
  ])
  return { users: rows.map(storedUser), total: counted?.total ?? 0 }
}
