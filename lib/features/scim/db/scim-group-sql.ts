import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'

/** What selects a group, of the table `sg`. */
export const scimGroupColumns = Prisma.sql`
  sg.id, sg.display_name AS "displayName", sg.external_id AS "externalId", sg.version, sg.created_at AS "createdAt",
  sg.modified_at AS "modifiedAt"`

export type ScimGroupRow = Omit<StoredGroup, 'version' | 'members'> & { version: number }

export const storedGroup = ({ version, ...group }: ScimGroupRow, members: StoredGroup['members']): StoredGroup => ({
  ...group,
  version: `${version}`,
  members,
})

/** @returns all members of a group: at most as many as a group may have */
export const membersOf = (reader: Reader, groupId: string): Promise<{ id: string }[]> =>
  runSql<{ id: string }>(
    reader,
    Prisma.sql`SELECT su.id FROM scim_group_member m JOIN scim_user su ON su.user_id = m.user_id
      WHERE m.group_id = ${groupId}::uuid ORDER BY su.id`,
  )
