import type { Tx } from '#lib/kernel/db/client.ts'
import { isLiving } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

type Change = { from: Date | null; to: Date | null; requestId: string }

/**
 * Gives a living space its approved end, unless its end has changed since the request.
 * @param change.requestId the request that now holds the space's approved limit
 * @returns whether it was changed
 */
export async function extendSpaceRow(tx: Tx, id: string, { from, to, requestId }: Change): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id, endsAt: from, ...isLiving },
    data: { endsAt: to, requestId },
  })
  return count > 0
}

/** Changes the size of a living space if it is still `from`. @returns whether it was changed */
export async function resizeSpaceRow(tx: Tx, id: string, { from, to }: { from: Size; to: Size }): Promise<boolean> {
  const { count } = await tx.space.updateMany({
    where: { id, size: from, ...isLiving },
    data: { size: to },
  })
  return count > 0
}
