import type { Tx } from '#lib/kernel/db/client.ts'
import { isLiving } from '#lib/kernel/db/spaces/effective-sql.ts'

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
