import { AppError } from '#lib/domain/errors.ts'
import type { Tx } from './client.ts'

/** Ends an open offer without effect. @throws AppError offer_closed when it was accepted, ended or has lapsed meanwhile */
export async function closeOffer(tx: Tx, id: string, state: 'declined' | 'withdrawn', at: Date): Promise<void> {
  const { count } = await tx.offer.updateMany({
    where: { id, state: 'open', lapsesAt: { gt: at } },
    data: { state, closedAt: at },
  })
  if (count === 0) throw new AppError('offer_closed')
}
