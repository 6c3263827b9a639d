import { authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { findOpenOffer } from '#lib/db/find-offer.ts'
import type { SpaceOffer } from '#lib/domain/offer-view.ts'

/** @returns the open offer of a space, for those who may withdraw it; null: there is none; @throws AppError not_found, forbidden */
export async function readOffer(ctx: BrokerContext, key: SpaceKey): Promise<SpaceOffer | null> {
  const space = await authorizeSpace(ctx, 'withdraw-offer', key)
  const offer = await findOpenOffer(ctx.db, space.id, ctx.clock())
  return offer && { id: offer.id, to: { handle: offer.to.handle, name: offer.to.name }, lapsesAt: offer.lapsesAt }
}
