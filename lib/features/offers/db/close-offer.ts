import type { Tx } from '#lib/kernel/db/client.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** Closes an open offer. @throws AppError offer_closed when somebody else closed it or it has expired */
export async function closeOffer(
  tx: Tx,
  id: string,
  state: 'accepted' | 'declined' | 'withdrawn',
  at: Date,
): Promise<void> {
  const { count } = await tx.offer.updateMany({
    where: { id, state: 'open', expiresAt: { gt: at } },
    data: { state, closedAt: at },
  })
  if (count === 0) throw new AppError('offer_closed')
}
