import type { Db, Tx } from '#lib/kernel/db/client.ts'

export type BreakGlassUseRecord = { id: string; acknowledgedAt: Date | null; usedBy: { id: string; handle: string } }

/** @returns a use of the break-glass account, or null */
export async function findBreakGlassUse(db: Db | Tx, id: string): Promise<BreakGlassUseRecord | null> {
  const found = await db.breakGlassCode.findUnique({
    where: { id },
    select: { id: true, acknowledgedAt: true, usedBy: { select: { id: true, handle: true } } },
  })
  return found?.usedBy ? { ...found, usedBy: found.usedBy } : null
}

/**
 * Stores who acknowledged a use of the break-glass account.
 * @returns whether they are the first
 */
export async function markBreakGlassUseAcknowledged(tx: Tx, id: string, byId: string, at: Date): Promise<boolean> {
  const { count } = await tx.breakGlassCode.updateMany({
    where: { id, acknowledgedAt: null },
    data: { acknowledgedAt: at, acknowledgedById: byId },
  })
  return count > 0
}
