import { findOpenOffer } from '#lib/features/offers/db/offer-rows.ts'
import type { SpaceOffer } from '#lib/features/offers/model/offer-view.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'

/**
 * @returns a space's open offer, or null, for anyone who may withdraw it
 * @throws AppError not_found, forbidden
 */
export const readOffer = viewSpace({
  permission: 'withdraw-offer',
  read: async function readReadOffer({ ctx, space }): Promise<SpaceOffer | null> {
    const offer = await findOpenOffer(ctx.pool, space.id, ctx.clock())
    return offer && { id: offer.id, to: { handle: offer.to.handle, name: offer.to.name }, expiresAt: offer.expiresAt }
  },
})
