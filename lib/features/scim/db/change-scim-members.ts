import type { Tx } from '#lib/kernel/db/client.ts'

export type MembersChange = { replace: boolean; add: readonly string[]; remove: readonly string[]; tokenId: string }

type Member = { id: string; handle: string }

/**
 * `restated`: members who were in the group already, by another token. `unknown`: up to a few ids of users that don't exist.
 * `members`: the group's new member count.
 */
export type MembersChanged = {
  joined: Member[]
  left: Member[]
  restated: Member[]
  unknown: string[]
  members: number
}

/**
 * Changes the members of a pushed group by their SCIM user ids. The group's row must be locked. Waits for concurrent
 * deletions of members and reports those as unknown. The token that last set a membership is stored with it.
 */
export async function changeScimMembers(
  tx: Tx,
  groupId: string,
  { replace, add, remove, tokenId }: MembersChange,
): Promise<MembersChanged> {
  const left = await tx.$queryRaw<Member[]>`
    WITH gone AS (
      DELETE FROM scim_group_member m USING scim_user su
      WHERE m.group_id = ${groupId}::uuid AND su.user_id = m.user_id
        AND (su.id = ANY (${[...remove]}::uuid[]) OR (${replace} AND su.id <> ALL (${[...add]}::uuid[])))
      RETURNING m.user_id)
    SELECT u.id, u.handle FROM gone JOIN user_account u ON u.id = gone.user_id ORDER BY 2`
  const stated = await tx.$queryRaw<(Member & { isNew: boolean })[]>`
    WITH come AS (
      INSERT INTO scim_group_member AS m (group_id, user_id, stated_by_id)
      SELECT ${groupId}::uuid, su.user_id, ${tokenId}::uuid FROM scim_user su WHERE su.id = ANY (${[...add]}::uuid[])
      ORDER BY su.user_id FOR KEY SHARE
      ON CONFLICT (group_id, user_id) DO UPDATE SET stated_by_id = excluded.stated_by_id
        WHERE m.stated_by_id IS DISTINCT FROM excluded.stated_by_id
      RETURNING m.user_id, m.xmax = 0 AS is_new)
    SELECT u.id, u.handle, come.is_new AS "isNew" FROM come JOIN user_account u ON u.id = come.user_id ORDER BY 2`
  const unknown = await tx.$queryRaw<{ id: string }[]>`
    SELECT given.id FROM unnest(${[...add]}::uuid[]) given(id)
    WHERE NOT EXISTS (SELECT FROM scim_user su WHERE su.id = given.id) LIMIT 3`
  const members = await tx.scimGroupMember.count({ where: { groupId } })
  const of = (isNew: boolean) =>
    stated.filter((one) => one.isNew === isNew).map(({ id, handle }): Member => ({ id, handle }))
  return { joined: of(true), restated: of(false), left, unknown: unknown.map(({ id }) => id), members }
}
