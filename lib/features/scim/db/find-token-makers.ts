import type { Tx } from '#lib/kernel/db/client.ts'

const maxMakers = 5

/** @returns who had a hand in a provisioning token, a few of them; none: the operator's command made it */
export const findTokenMakers = (tx: Tx, tokenId: string): Promise<{ name: string; handle: string }[]> =>
  tx.$queryRaw<{ name: string; handle: string }[]>`
    SELECT u.name, u.handle FROM scim_token_maker maker JOIN user_account u ON u.id = maker.user_id
    WHERE maker.token_id = ${tokenId}::uuid ORDER BY u.handle LIMIT ${maxMakers}`

/** @returns whether somebody had a hand in a provisioning token */
export async function isTokenMaker(tx: Tx, tokenId: string, userId: string): Promise<boolean> {
  const rows = await tx.$queryRaw<unknown[]>`
    SELECT FROM scim_token_maker WHERE token_id = ${tokenId}::uuid AND user_id = ${userId}::uuid`
  return rows.length > 0
}
