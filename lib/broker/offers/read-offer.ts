import { viewSpace } from '#lib/broker/define/view-space.ts'
import { findOpenOffer } from '#lib/db/find-offer.ts'
import type { SpaceOffer } from '#lib/domain/offer-view.ts'

/**
 * @returns the open offer of a space, for anyone who may withdraw it; null if there is none; @throws AppError
 *   not_found, forbidden
 */
export const readOffer = viewSpace({
  permission: 'withdraw-offer',
  async read({ ctx, space }): Promise<SpaceOffer | null> {
    const offer = await findOpenOffer(ctx.pool, space.id, ctx.clock())
    return offer && { id: offer.id, to: { handle: offer.to.handle, name: offer.to.name }, expiresAt: offer.expiresAt }
  },
})
