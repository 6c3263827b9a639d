import { z } from 'zod'
import { aboutSpace, authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { closeOffer } from '#lib/db/close-offer.ts'
import { findOffer } from '#lib/db/find-offer.ts'
import { AppError } from '#lib/domain/errors.ts'

export const declineOfferInput = z.strictObject({ id: z.uuid() })

/** Says no to a space that was offered to one. @throws AppError not_found, offer_closed */
export async function declineOffer(ctx: BrokerContext, { id }: z.infer<typeof declineOfferInput>): Promise<void> {
  await recorded(ctx, 'space.offer-decline', { target: { kind: 'offer', id } }, async (record) => {
    authorizePlatform(ctx, 'decline-offer')
    const offer = await findOffer(ctx.db, id)
    if (!offer || offer.toId !== ctx.actor.userId) throw new AppError('not_found')
    record.about(aboutSpace({ ...offer.space, cluster: offer.space.cluster.name }))
    record.about({ detail: { offer: id, from: offer.from.handle, to: offer.to.handle } })
    await record.commit((tx) => closeOffer(tx, id, 'declined', ctx.clock()))
  })
}
