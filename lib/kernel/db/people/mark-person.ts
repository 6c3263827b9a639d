import type { Tx } from '#lib/kernel/db/client.ts'

/** Deactivates a person. The table's trigger tells the gateways. @returns whether they were active before */
export async function markDeactivated(
  tx: Tx,
  id: string,
  { at, byId, byTokenId, reason }: { at: Date; byId: string | null; byTokenId: string | null; reason: string },
): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, deactivatedAt: null },
    data: {
      deactivatedAt: at,
      deactivatedById: byId,
      deactivatedByTokenId: byTokenId,
      deactivationReason: reason,
    },
  })
  return count > 0
}

/** From now on an admin alone reactivates somebody who is deactivated, whoever did that. Their row is held. */
export async function keepDeactivated(tx: Tx, id: string): Promise<void> {
  await tx.user.updateMany({ where: { id, deactivatedAt: { not: null } }, data: { deactivatedByTokenId: null } })
}

/** Neither warnings nor an activated role from before count any more. */
const reactivated = {
  deactivatedAt: null,
  deactivatedById: null,
  deactivatedByTokenId: null,
  deactivationReason: null,
  unseenWarnedAt: null,
  unseenRemindedAt: null,
  unseenEndsAt: null,
  adminUntil: null,
  adminReason: null,
}

/** Undoes markDeactivated. @returns whether they were deactivated before */
export async function markReactivated(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, deactivatedAt: { not: null } },
    data: reactivated,
  })
  return count > 0
}

/**
 * Undoes a deactivation by provisioning, and no other: neither an admin's nor an offboarding.
 * @returns whether it was one
 */
export async function undoProvisionedDeactivation(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: {
      id,
      deactivatedAt: { not: null },
      deactivatedByTokenId: { not: null },
      offboardings: { none: { reactivatedAt: null } },
    },
    data: reactivated,
  })
  return count > 0
}
