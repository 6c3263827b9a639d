import type { Tx } from './client.ts'

/** Ends a credential. Gateways are told by the table's trigger. @returns whether it was not revoked until now */
export async function markCredentialRevoked(
  tx: Tx,
  id: string,
  { at, byId }: { at: Date; byId: string },
): Promise<boolean> {
  const { count } = await tx.credential.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedById: byId },
  })
  return count > 0
}
