import { randomUUID } from 'node:crypto'
import type { Tx } from './client.ts'

export type NewOffer = {
  spaceId: string
  /** Who owns the space, who may have it, and who offers it. */
  fromId: string
  toId: string
  byId: string
  reason: string | null
  createdAt: Date
  lapsesAt: Date
}

/** Adds an open offer of a space. */
export async function insertOffer(tx: Tx, offer: NewOffer): Promise<void> {
  await tx.offer.create({ data: { id: randomUUID(), ...offer } })
}
