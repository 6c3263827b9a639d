import { createHash } from 'node:crypto'
import { parseData } from '#lib/features/scim/protocol/parse-data.ts'
import type { StoredUser } from '#lib/features/scim/protocol/render.ts'
import { allUserAttributes } from '#lib/features/scim/protocol/user.ts'
import { Prisma } from '#lib/kernel/db/client.ts'

/** What selects a user, of the tables `su` and `u`. */
export const scimUserColumns = Prisma.sql`
  su.id, su.user_id AS "userId", su.user_name AS "userName", su.external_id AS "externalId", su.display_name AS "displayName",
  su.attributes, su.version, u.deactivated_at IS NULL AS active, su.created_at AS "createdAt", su.modified_at AS "modifiedAt",
  (SELECT coalesce(json_agg(json_build_object('id', g.id, 'displayName', g.display_name) ORDER BY g.display_name), '[]')
    FROM scim_group_member m JOIN scim_group g ON g.id = m.group_id WHERE m.user_id = su.user_id) AS groups`

export type ScimUserRow = Omit<StoredUser, 'version' | 'attributes'> & {
  userId: string
  version: number
  attributes: object
}

const attributes = allUserAttributes('externalId')

/** @returns a row as it is rendered. Its version tells apart all that is rendered: whether it is active, and its groups. */
export const storedUser = ({ userId: _, version, attributes: kept, ...user }: ScimUserRow): StoredUser => ({
  ...user,
  attributes: parseData(kept, attributes),
  version: `${version}-${digest([user.active, user.groups])}`,
})

const digest = (value: unknown): string =>
  createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 8)
