import type { Tx } from '#lib/kernel/db/client.ts'

/** `byId` and `makers`: null and empty for the operator's command. */
export type NewScimToken = {
  id: string
  name: string
  hash: Uint8Array
  at: Date
  expiresAt: Date
  byId: string | null
  makers: readonly string[]
}

/** Adds a provisioning token; expired ones free their slot. @returns whether one of the two slots was free */
export async function insertScimToken(
  tx: Tx,
  { id, name, hash, at, expiresAt, byId, makers }: NewScimToken,
): Promise<boolean> {
  await tx.$executeRaw`UPDATE scim_token SET revoked_at = expires_at WHERE revoked_at IS NULL AND expires_at <= ${at}`
  const added = await tx.$executeRaw`
    INSERT INTO scim_token (id, name, slot, token_hash, created_at, expires_at, created_by_id)
    SELECT ${id}::uuid, ${name}, free.slot, ${Buffer.from(hash)}, ${at}, ${expiresAt}, ${byId}::uuid FROM (
      SELECT n AS slot FROM generate_series(1, 2) n
      WHERE NOT EXISTS (SELECT FROM scim_token t WHERE t.slot = n AND t.revoked_at IS NULL) ORDER BY n LIMIT 1) free
    ON CONFLICT DO NOTHING`
  if (added === 0) return false
  const rows = makers.map((userId) => ({ tokenId: id, userId }))
  await tx.scimTokenMaker.createMany({ data: rows, skipDuplicates: true })
  await addOtherAccounts(tx, id, makers)
  return true
}

/**
 * Adds the makers' other accounts with the same subject (the issuer's other spelling), without responsibility for the
 * token.
 */
export const addOtherAccounts = (tx: Tx, tokenId: string, makers: readonly string[]): Promise<number> => tx.$executeRaw`
  INSERT INTO scim_token_maker (token_id, user_id, responsible)
  SELECT DISTINCT ${tokenId}::uuid, other.id, FALSE FROM user_account maker JOIN user_account other
    ON other.subject = maker.subject AND rtrim(other.issuer, '/') = rtrim(maker.issuer, '/')
  WHERE maker.id = ANY (${[...makers]}::uuid[]) ON CONFLICT DO NOTHING`
