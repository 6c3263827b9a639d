import { z } from 'zod'
import { closeOffer } from '#lib/features/offers/db/offer-rows.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { aboutSpace } from '#lib/kernel/use-case/authorize.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { findOfferToMe } from './find-offer-to-me.ts'

export const declineOfferInput = z.strictObject({ id: z.uuid() })

/**
 * Declines a space offered to oneself.
 * @throws AppError not_found, offer_closed
 */
export const declineOffer = changeFound({
  by: { permission: 'decline-offer' },
  action: 'space.offer-decline',
  kind: 'offer',
  input: declineOfferInput,
  find: findOfferToMe,
  prepare: function prepareDeclineOffer({ ctx, found: offer, about }) {
    about(aboutSpace({ ...offer.space, cluster: offer.space.cluster.name }))
    about({ detail: { offer: offer.id, from: offer.from.handle, to: offer.to.handle } })
    const { spaceId, space } = offer
    const declined = {
      kind: 'offer-declined' as const,
      space: { name: space.name, cluster: space.cluster.name },
      by: nameOf(ctx.actor),
    }
    return {
      write: async function writeDeclineOffer({ tx }) {
        await closeOffer(tx, offer.id, 'declined', ctx.clock())
        await notifyPeople(ctx, tx, declined, { to: [space.ownerId], spaceId })
      },
    }
  },
})
