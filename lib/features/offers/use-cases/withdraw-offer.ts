import { z } from 'zod'
import { closeOffer, findOpenOffer } from '#lib/features/offers/db/offer-rows.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'

export const withdrawOfferInput = z.strictObject({ space: spaceKey })

/**
 * Withdraws a space's open offer, whether the owner or a platform admin made it.
 * @throws AppError not_found, forbidden, offer_closed
 */
export const withdrawOffer = changeSpace({
  permission: 'withdraw-offer',
  action: 'space.offer-withdraw',
  input: withdrawOfferInput,
  reconcile: 'none',
  prepare: async function prepareWithdrawOffer({ ctx, space, about }) {
    const offer = await findOpenOffer(ctx.pool, space.id, ctx.clock())
    if (!offer) throw new AppError('offer_closed')
    about({ detail: { offer: offer.id, to: offer.to.handle } })
    return { write: ({ tx }) => closeOffer(tx, offer.id, 'withdrawn', ctx.clock()) }
  },
})
