import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { addOtherAccounts } from './insert-scim-token.ts'

export type HeldToken = {
  id: string
  name: string
  expiresAt: Date
  revokedAt: Date | null
  makers: { userId: string; responsible: boolean; user: { handle: string; name: string } }[]
}

export const findTokenWithMakers = (db: Db | Tx, id: string): Promise<HeldToken | null> =>
  db.scimToken.findUnique({
    where: { id },
    select: {
      id: true,
      name: true,
      expiresAt: true,
      revokedAt: true,
      makers: { select: { userId: true, responsible: true, user: { select: { handle: true, name: true } } } },
    },
  })

/**
 * Makes one person responsible for a token in place of another.
 * @returns false: the other one is no longer responsible, or the new one already is
 */
export async function takeOverScimToken(
  tx: Tx,
  tokenId: string,
  { from, to }: { from: string; to: string },
): Promise<boolean> {
  const { count } = await tx.scimTokenMaker.updateMany({
    where: { tokenId, userId: from, responsible: true },
    data: { responsible: false },
  })
  if (count === 0) return false
  const added = await tx.$executeRaw`
    INSERT INTO scim_token_maker (token_id, user_id) VALUES (${tokenId}::uuid, ${to}::uuid)
    ON CONFLICT (token_id, user_id) DO UPDATE SET responsible = true WHERE NOT scim_token_maker.responsible`
  await addOtherAccounts(tx, tokenId, [to])
  return added > 0
}

/** @returns the active tokens that a person is responsible for */
export const selectTokensOf = (db: Db | Tx, userId: string, at: Date): Promise<{ id: string; name: string }[]> =>
  db.scimToken.findMany({
    where: { revokedAt: null, expiresAt: { gt: at }, makers: { some: { userId, responsible: true } } },
    orderBy: { createdAt: 'asc' },
    select: { id: true, name: true },
  })
