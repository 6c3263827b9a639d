import type { Tx } from '#lib/kernel/db/client.ts'

/** Deactivates a person. A trigger notifies the gateways. @returns whether they were active */
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

/** From now on, only an admin can reactivate them. Their row must be locked. */
export async function keepDeactivated(tx: Tx, id: string): Promise<void> {
  await tx.user.updateMany({ where: { id, deactivatedAt: { not: null } }, data: { deactivatedByTokenId: null } })
}

/** Earlier warnings and an earlier activated role no longer count. */
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

/** Undoes markDeactivated. @returns whether there was anything to undo */
export async function markReactivated(tx: Tx, id: string): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, deactivatedAt: { not: null } },
    data: reactivated,
  })
  return count > 0
}

/**
 * Undoes only a deactivation by provisioning.
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
