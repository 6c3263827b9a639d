import type { Tx } from './client.ts'

export type MembersChange = { replace: boolean; add: readonly string[]; remove: readonly string[] }

/** `unknown`: ids of users that don’t exist, a few of them. `members`: how many the group has now. */
export type MembersChanged = { joined: string[]; left: string[]; unknown: string[]; members: number }

/**
 * Changes who is in a pushed group, whose row is held; all by the ids of provisioned users. Those who are being deleted at the
 * same time are waited for, and unknown then.
 * @returns the handles of those who joined or left
 */
export async function changeScimMembers(
  tx: Tx,
  groupId: string,
  { replace, add, remove }: MembersChange,
): Promise<MembersChanged> {
  const left = await tx.$queryRaw<{ handle: string }[]>`
    WITH gone AS (
      DELETE FROM scim_group_member m USING scim_user su
      WHERE m.group_id = ${groupId}::uuid AND su.user_id = m.user_id
        AND (su.id = ANY (${[...remove]}::uuid[]) OR (${replace} AND su.id <> ALL (${[...add]}::uuid[])))
      RETURNING m.user_id)
    SELECT u.handle FROM gone JOIN user_account u ON u.id = gone.user_id ORDER BY 1`
  const joined = await tx.$queryRaw<{ handle: string }[]>`
    WITH come AS (
      INSERT INTO scim_group_member (group_id, user_id)
      SELECT ${groupId}::uuid, su.user_id FROM scim_user su WHERE su.id = ANY (${[...add]}::uuid[])
      ORDER BY su.user_id FOR KEY SHARE
      ON CONFLICT DO NOTHING RETURNING user_id)
    SELECT u.handle FROM come JOIN user_account u ON u.id = come.user_id ORDER BY 1`
  const unknown = await tx.$queryRaw<{ id: string }[]>`
    SELECT given.id FROM unnest(${[...add]}::uuid[]) given(id)
    WHERE NOT EXISTS (SELECT FROM scim_user su WHERE su.id = given.id) LIMIT 3`
  const members = await tx.scimGroupMember.count({ where: { groupId } })
  const handles = (rows: readonly { handle: string }[]) => rows.map(({ handle }) => handle)
  return { joined: handles(joined), left: handles(left), unknown: unknown.map(({ id }) => id), members }
}
