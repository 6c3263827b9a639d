import { z } from 'zod'
import { assertReason } from '#lib/broker/access/judge-giving.ts'
import { resolveUser } from '#lib/broker/access/resolve-principal.ts'
import { tellOwner, toPrincipal } from '#lib/broker/access/tell-owner.ts'
import { lapseOffers } from '#lib/broker/reconcile/lapse-offers.ts'
import { aboutSpace, assertLiving, authorizeSpace, spaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { officeReason } from '#lib/broker/use-case/fields.ts'
import { holdSpace } from '#lib/broker/use-case/hold-space.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { consumeAllowance } from '#lib/db/consume-allowance.ts'
import { findOpenOffer } from '#lib/db/find-offer.ts'
import type { FoundUser } from '#lib/db/find-user.ts'
import { insertOffer } from '#lib/db/insert-offer.ts'
import { dayMs } from '#lib/domain/duration.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Way } from '#lib/domain/giving.ts'

export const offerSpaceInput = z.strictObject({
  space: spaceKey,
  to: z.string().trim().min(1, 'Choose a person.').max(256),
  reason: officeReason,
})

/** More than anybody offers by hand. */
const allowance = { name: 'offer', times: 30, seconds: 3600 }

/**
 * Offers a space to somebody who then may own it. Nothing changes until they accept: it stays the owner's, and counts
 * against the owner's limit. It lapses by itself. A platform admin offers in the owner's stead, to others and with a
 * reason, and the owner is told.
 * @returns whom it is offered to
 * @throws AppError principal_unknown; own_gain when a platform admin names themselves; grant_owner when they own it already;
 *   offer_exists; bad_input without a reason; rate_limited
 */
export async function offerSpace(ctx: BrokerContext, input: z.input<typeof offerSpaceInput>): Promise<FoundUser> {
  return recorded(
    ctx,
    'space.offer',
    { target: { kind: 'space', name: input.space.name }, detail: { to: input.to } },
    async (record) => {
      const space = await authorizeSpace(ctx, 'offer-space', input.space)
      record.about(aboutSpace(space))
      assertLiving(space)
      const to = await resolveUser(ctx, input.to, 'to')
      if (to.userId === space.ownerId) throw new AppError('grant_owner', { sentence: 'They already own this space.' })
      if (to.userId === ctx.actor.userId) throw new AppError('own_gain')
      const way: Way = space.standing === 'owner' ? 'own' : 'office'
      const reason = input.reason ?? ''
      assertReason(way, reason)
      await consumeAllowance(ctx.pool, allowance, ctx.actor.userId)
      const why = way === 'office' && { byOffice: true, reason }
      record.about({ detail: { from: space.owner.handle, to: to.handle, ...why } })
      await record.commit(async (tx) => {
        const held = await holdSpace(ctx, tx, 'offer-space', space.id)
        assertLiving(held.space)
        if (held.space.ownerId !== space.ownerId) throw new AppError('space_busy')
        const at = ctx.clock()
        const open = await findOpenOffer(tx, space.id, at)
        if (open)
          throw new AppError('offer_exists', {
            sentence: `It has already been offered to ${open.to.name}. Withdraw that offer first.`,
          })
        await lapseOffers(ctx, tx, space.id)
        await insertOffer(tx, {
          spaceId: space.id,
          fromId: space.ownerId,
          toId: to.userId,
          byId: ctx.actor.userId,
          reason: way === 'office' ? reason : null,
          createdAt: at,
          lapsesAt: new Date(at.getTime() + ctx.policy.offerLapseDays * dayMs),
        })
        if (way === 'office')
          await tellOwner(ctx, tx, held.space, {
            kind: 'offer',
            to: toPrincipal(ctx, { kind: 'user', user: to }),
            reason,
          })
      })
      return to
    },
  )
}
