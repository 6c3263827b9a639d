import type { Tx } from './client.ts'

export type NewScimToken = { id: string; name: string; hash: Uint8Array; at: Date; byId: string }

/** Adds a provisioning token. @returns whether there was room: two may be in force */
export async function insertScimToken(tx: Tx, { id, name, hash, at, byId }: NewScimToken): Promise<boolean> {
  const added = await tx.$executeRaw`
    INSERT INTO scim_token (id, name, slot, token_hash, created_at, created_by_id)
    SELECT ${id}::uuid, ${name}, free.slot, ${Buffer.from(hash)}, ${at}, ${byId}::uuid FROM (
      SELECT n AS slot FROM generate_series(1, 2) n
      WHERE NOT EXISTS (SELECT FROM scim_token t WHERE t.slot = n AND t.revoked_at IS NULL) ORDER BY n LIMIT 1) free
    ON CONFLICT DO NOTHING`
  return added > 0
}
