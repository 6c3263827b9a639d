import type { Tx } from './client.ts'

/** Deactivates a person. The table's trigger tells the gateways. @returns whether they were active before */
export async function markDeactivated(
  tx: Tx,
  id: string,
  { at, byId, reason }: { at: Date; byId: string; reason: string },
): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, deactivatedAt: null },
    data: { deactivatedAt: at, deactivatedById: byId, deactivationReason: reason },
  })
  return count > 0
}

/**
 * Undoes markDeactivated. Neither warnings nor an activated role from before count any more.
 * @returns whether they were deactivated before
 */
export async function markReactivated(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, deactivatedAt: { not: null } },
    data: {
      deactivatedAt: null,
      deactivatedById: null,
      deactivationReason: null,
      unseenWarnedAt: null,
      unseenRemindedAt: null,
      unseenEndsAt: null,
      adminUntil: null,
      adminReason: null,
    },
  })
  return count > 0
}
