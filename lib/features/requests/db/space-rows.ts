import type { Tx } from '#lib/kernel/db/client.ts'
import { isLiving } from '#lib/kernel/db/spaces/effective-sql.ts'
import type { Size } from '#lib/kernel/model/spaces/size.ts'

type Change = { from: Date | null; to: Date | null; requestId: string }

/**
 * Gives a living space the end that a request was approved for, if it still has the end it had.
 * @param change.requestId the request, which from now on says until when the space is approved
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
