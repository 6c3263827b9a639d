import { findOffer, type OfferRecord } from '#lib/features/offers/db/offer-rows.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** @returns an offer to the person, in any state, or null */
export async function findOfferToMe(db: Db | Tx, ctx: BrokerContext, id: string): Promise<OfferRecord | null> {
  const offer = await findOffer(db, id)
  return offer?.toId === ctx.actor.userId ? offer : null
}
