import type { Tx } from './client.ts'

export type NewScimGroup = { id: string; issuer: string; displayName: string; externalId: string | null; at: Date }

/** Adds a pushed group. @returns whether no other has its name */
export async function insertScimGroup(tx: Tx, group: NewScimGroup): Promise<boolean> {
  const { id, issuer, displayName, externalId, at } = group
  const added = await tx.$executeRaw`
    INSERT INTO scim_group (id, issuer, display_name, external_id, created_at, modified_at)
    VALUES (${id}::uuid, ${issuer}, ${displayName}, ${externalId}, ${at}, ${at}) ON CONFLICT DO NOTHING`
  return added > 0
}
