import type { Tx } from '#lib/kernel/db/client.ts'

/** Gives a person the platform admin role until a point in time. The table's trigger notifies their open pages. */
export async function markAdmin(tx: Tx, id: string, { until, reason }: { until: Date; reason: string }): Promise<void> {
  await tx.user.update({ where: { id }, data: { adminUntil: until, adminReason: reason }, select: { id: true } })
}

/**
 * Undoes markAdmin.
 * @returns whether they had the role until now
 */
export async function unmarkAdmin(tx: Tx, id: string, at: Date): Promise<boolean> {
  const { count } = await tx.user.updateMany({
    where: { id, adminUntil: { gt: at } },
    data: { adminUntil: null, adminReason: null },
  })
  return count > 0
}
