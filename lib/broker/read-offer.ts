import { findOpenOffer } from '../db/find-offer.ts'
import type { SpaceOffer } from '../domain/offer-view.ts'
import { authorizeSpace, type SpaceKey } from './authorize.ts'
import type { BrokerContext } from './context.ts'

/** @returns the open offer of a space, for those who may withdraw it; null: there is none; @throws AppError not_found, forbidden */
export async function readOffer(ctx: BrokerContext, key: SpaceKey): Promise<SpaceOffer | null> {
  const space = await authorizeSpace(ctx, 'withdraw-offer', key)
  const offer = await findOpenOffer(ctx.db, space.id, ctx.clock())
  return offer && { id: offer.id, to: { handle: offer.to.handle, name: offer.to.name }, lapsesAt: offer.lapsesAt }
}
