import { z } from 'zod'
import { aboutSpace, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { closeOffer } from '#lib/db/close-offer.ts'
import { findOpenOffer } from '#lib/db/find-offer.ts'
import { AppError } from '#lib/domain/errors.ts'

export const withdrawOfferInput = z.strictObject({ space: spaceKey })

/** Takes back the open offer of a space, whoever made it. @throws AppError not_found, forbidden, offer_closed */
export async function withdrawOffer(ctx: BrokerContext, input: z.infer<typeof withdrawOfferInput>): Promise<void> {
  const target = { kind: 'space', name: input.space.name }
  await recorded(ctx, 'space.offer-withdraw', { target }, async (record) => {
    const space = await authorizeSpace(ctx, 'withdraw-offer', input.space)
    record.about(aboutSpace(space))
    const offer = await findOpenOffer(ctx.db, space.id, ctx.clock())
    if (!offer) throw new AppError('offer_closed')
    record.about({ detail: { offer: offer.id, to: offer.to.handle } })
    await record.commit(async (tx) => {
      await holdSpace(ctx, tx, 'withdraw-offer', space.id)
      await closeOffer(tx, offer.id, 'withdrawn', ctx.clock())
    })
  })
}
