import type { Tx } from '#lib/kernel/db/client.ts'

/** Revokes a credential. The table's trigger notifies the gateways. @returns whether it was not revoked before */
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
