import type { Tx } from './client.ts'

/** Closes an open offer as accepted; who may accept it, and whether it still stands, was decided before. */
export async function markOfferAccepted(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.offer.updateMany({ where: { id, state: 'open' }, data: { state: 'accepted', closedAt: at } })
}
