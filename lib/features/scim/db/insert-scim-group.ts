import type { Tx } from '#lib/kernel/db/client.ts'

export type NewScimGroup = {
  id: string
  issuer: string
  displayName: string
  externalId: string | null
  tokenId: string
  at: Date
}

/** Adds a pushed group. @returns whether no other has its name */
export async function insertScimGroup(tx: Tx, group: NewScimGroup): Promise<boolean> {
  const { id, issuer, displayName, externalId, tokenId, at } = group
  const added = await tx.$executeRaw`
    INSERT INTO scim_group (id, issuer, display_name, external_id, created_at, modified_at, named_by_id, changed_by_id)
    VALUES (${id}::uuid, ${issuer}, ${displayName}, ${externalId}, ${at}, ${at}, ${tokenId}::uuid, ${tokenId}::uuid) ON CONFLICT DO NOTHING`
  return added > 0
}
