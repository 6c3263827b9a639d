import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { Db, Tx } from '#lib/db/client.ts'
import { findOffer, type OfferRecord } from '#lib/db/find-offer.ts'

/** @returns the offer, in any state, if it was made to the person who asks */
export async function findOfferToMe(db: Db | Tx, ctx: BrokerContext, id: string): Promise<OfferRecord | null> {
  const offer = await findOffer(db, id)
  return offer?.toId === ctx.actor.userId ? offer : null
}
