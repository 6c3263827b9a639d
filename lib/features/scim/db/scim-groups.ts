import type { StoredGroup } from '#lib/features/scim/protocol/render.ts'
import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { type Reader, runSql } from '#lib/kernel/db/run-sql.ts'
import { groupFilterSql } from './scim-filter-sql.ts'
import type { ScimPage } from './scim-users.ts'
import { takenIfUnique } from './taken-if-unique.ts'

/** The columns of a group, from the table `sg`. */
const scimGroupColumns = Prisma.sql`
  sg.id, sg.display_name AS "displayName", sg.external_id AS "externalId", sg.version, sg.created_at AS "createdAt",
  sg.modified_at AS "modifiedAt"`

type ScimGroupRow = Omit<StoredGroup, 'version' | 'members'> & { version: number }

const storedGroup = ({ version, ...group }: ScimGroupRow, members: StoredGroup['members']): StoredGroup => ({
  ...group,
  version: `${version}`,
  members,
})

/** @returns all members of a group, up to the maximum group size */
const membersOf = (reader: Reader, groupId: string): Promise<{ id: string }[]> =>
  runSql<{ id: string }>(
    reader,
    Prisma.sql`SELECT su.id FROM scim_group_member m JOIN scim_user su ON su.user_id = m.user_id
      WHERE m.group_id = ${groupId}::uuid ORDER BY su.id`,
  )

/** @returns a pushed group, or null */
export async function findScimGroup(
  reader: Reader,
  id: string,
  { withMembers }: { withMembers: boolean },
): Promise<StoredGroup | null> {
  const [row] = await runSql<ScimGroupRow>(
    reader,
    Prisma.sql`SELECT ${scimGroupColumns} FROM scim_group sg WHERE sg.id = ${id}::uuid`,
  )
  if (!row) return null
  return storedGroup(row, withMembers ? await membersOf(reader, id) : null)
}

export type NewScimGroup = {
  id: string
  issuer: string
  displayName: string
  externalId: string | null
  tokenId: string
  at: Date
}

/**
 * Adds a pushed group.
 * @returns false if another group has its name
 */
export async function insertScimGroup(tx: Tx, group: NewScimGroup): Promise<boolean> {
  const { id, issuer, displayName, externalId, tokenId, at } = group
  const added = await tx.$executeRaw`
    INSERT INTO scim_group (id, issuer, display_name, external_id, created_at, modified_at, named_by_id, changed_by_id)
    VALUES (${id}::uuid, ${issuer}, ${displayName}, ${externalId}, ${at}, ${at}, ${tokenId}::uuid, ${tokenId}::uuid) ON CONFLICT DO NOTHING`
  return added > 0
}

/**
 * Changes a pushed group and increments its version. Its row must be locked.
 * @throws AppError scim_taken if another group has the name
 */
export async function updateScimGroup(
  tx: Tx,
  id: string,
  { tokenId, ...group }: { displayName: string; externalId: string | null; namedById: string | null; tokenId: string },
  at: Date,
): Promise<void> {
  await tx.scimGroup
    .update({
      where: { id },
      data: { ...group, changedById: tokenId, version: { increment: 1 }, modifiedAt: at },
      select: { id: true },
    })
    .catch(takenIfUnique('Another group has this displayName.'))
}

export async function deleteScimGroup(tx: Tx, id: string): Promise<void> {
  await tx.scimGroup.delete({ where: { id }, select: { id: true } })
}

/** The token that last set the name; null if unknown. */
export type HeldGroup = StoredGroup & { namedById: string | null }

/** @returns a pushed group without its members, its row locked until the transaction ends; or null */
export async function holdScimGroup(tx: Tx, id: string): Promise<HeldGroup | null> {
  const [row] = await runSql<ScimGroupRow & { namedById: string | null }>(
    tx,
    Prisma.sql`SELECT ${scimGroupColumns}, sg.named_by_id AS "namedById" FROM scim_group sg WHERE sg.id = ${id}::uuid FOR UPDATE`,
  )
  if (!row) return null
  const { namedById, ...group } = row
  return { ...storedGroup(group, null), namedById }
}

/** Members in one page, unless the first group alone has more. */
const maxMembersInPage = 10_000

type Member = { groupId: string; id: string }

/**
 * Ends a page early if it would have too many members: RFC 7644 (section 3.4.2.4) allows pages with fewer resources
 * than requested, and the client continues after them.
 * @returns a page of the pushed groups, oldest first, and their total number
 * @throws AppError scim_filter
 */
export async function selectScimGroups(
  pool: Pool,
  { filter, startIndex, count }: ScimPage,
  { withMembers }: { withMembers: boolean },
): Promise<{ groups: StoredGroup[]; total: number }> {
  const condition = groupFilterSql(filter)
  const [rows, [counted]] = await Promise.all([
    runSql<ScimGroupRow>(
      pool,
      Prisma.sql`SELECT ${scimGroupColumns} FROM scim_group sg WHERE ${condition}
        ORDER BY sg.created_at, sg.id LIMIT ${count} OFFSET ${startIndex - 1}`,
    ),
    runSql<{ total: number }>(pool, Prisma.sql`SELECT count(*)::int AS total FROM scim_group sg WHERE ${condition}`),
  ])
  const groups = withMembers ? await havingMembers(pool, rows) : rows.map((row) => storedGroup(row, null))
  return { groups, total: counted?.total ?? 0 }
}

/** Takes groups in order until the member limit. The last group reached is incomplete then. */
async function havingMembers(pool: Pool, rows: readonly ScimGroupRow[]): Promise<StoredGroup[]> {
  const ids = rows.map(({ id }) => id)
  const members = await runSql<Member>(
    pool,
    Prisma.sql`
    WITH m AS MATERIALIZED (
      SELECT page.n, m.group_id, m.user_id FROM unnest(${ids}::uuid[]) WITH ORDINALITY page(id, n)
        CROSS JOIN LATERAL (SELECT * FROM scim_group_member x WHERE x.group_id = page.id LIMIT ${maxMembersInPage + 1}) m
      LIMIT ${maxMembersInPage + 1})
    SELECT m.group_id AS "groupId", su.id FROM m JOIN scim_user su ON su.user_id = m.user_id ORDER BY m.n`,
  )
  const byGroup = Map.groupBy(members, ({ groupId }) => groupId)
  const of = (row: ScimGroupRow) =>
    storedGroup(
      row,
      (byGroup.get(row.id) ?? []).map(({ id }) => ({ id })),
    )
  if (members.length <= maxMembersInPage) return rows.map(of)
  const cut = ids.indexOf(members.at(-1)?.groupId ?? '')
  const [first] = rows
  if (cut > 0 || !first) return rows.slice(0, cut).map(of)
  return [storedGroup(first, await membersOf(pool, first.id))]
}
