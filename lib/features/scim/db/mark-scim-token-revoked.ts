import type { Tx } from '#lib/kernel/db/client.ts'

/** Revokes a provisioning token for good. @param byId null: the operator's command @returns whether it was in force */
export async function markScimTokenRevoked(
  tx: Tx,
  id: string,
  { at, byId }: { at: Date; byId: string | null },
): Promise<boolean> {
  const { count } = await tx.scimToken.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: at, revokedById: byId },
  })
  return count > 0
}
