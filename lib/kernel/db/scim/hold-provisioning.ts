import type { Tx } from '#lib/kernel/db/client.ts'
import { findScimTokenById } from './find-scim-token.ts'

/**
 * Waits until no other process makes a change by a provisioning token, and lets none until the transaction ends. Taken before
 * any row is held.
 * @returns whether the token is still in force
 */
export async function holdProvisioning(tx: Tx, tokenId: string): Promise<boolean> {
  await tx.$executeRaw`SELECT hold_provisioning(${tokenId}::uuid)`
  const token = await findScimTokenById(tx, tokenId)
  return token !== null && token.revokedAt === null
}
