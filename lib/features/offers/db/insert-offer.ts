import { randomUUID } from 'node:crypto'
import type { Tx } from '#lib/kernel/db/client.ts'

export type NewOffer = {
  spaceId: string
  /** The owner, the person it is offered to, and the person who offers it. */
  fromId: string
  toId: string
  byId: string
  reason: string | null
  createdAt: Date
  expiresAt: Date
}

/** Adds an open offer of a space. */
export async function insertOffer(tx: Tx, offer: NewOffer): Promise<void> {
  await tx.offer.create({ data: { id: randomUUID(), ...offer } })
}
