import { z } from 'zod'
import type { Authority } from '#lib/features/access/model/giving.ts'
import { assertReason } from '#lib/features/access/use-cases/authorize-giving.ts'
import { notifyOwner, toPrincipal } from '#lib/features/access/use-cases/notify-owner.ts'
import { resolveUser } from '#lib/features/access/use-cases/resolve-principal.ts'
import { findOpenOffer, insertOffer } from '#lib/features/offers/db/offer-rows.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { changeSpace } from '#lib/kernel/define/change-space.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { expireOffers } from '#lib/kernel/reconcile/expire-offers.ts'
import { assertActive } from '#lib/kernel/use-case/assert-active.ts'
import { assertNotDeclared } from '#lib/kernel/use-case/assert-not-declared.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { platformAdminReason } from '#lib/kernel/use-case/fields.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'

export const offerSpaceInput = z.strictObject({
  space: spaceKey,
  to: z.string().trim().min(1, 'Choose a person.').max(256),
  reason: platformAdminReason,
})

/** Well above normal use. */
const allowance = { name: 'offer', times: 30, seconds: 3600 }

/**
 * Offers ownership of a space. It stays the owner's, and counts against their limit, until the recipient accepts.
 * Offers expire. A platform admin can offer it to others on the owner's behalf, with a reason, and the owner is
 * notified.
 * @returns the recipient
 * @throws AppError principal_unknown; self_escalation if platform admins name themselves; grant_owner if the person
 *   already owns it; offer_exists; bad_input without a reason; rate_limited
 */
export const offerSpace = changeSpace({
  permission: 'offer-space',
  action: 'space.offer',
  input: offerSpaceInput,
  living: true,
  reconcile: 'none',
  detail: ({ to }) => ({ to }),
  prepare: async function prepareOfferSpace({ ctx, space, input: { to: named, reason }, about }) {
    assertNotDeclared(ctx, space, 'settings')
    const to = await resolveUser(ctx, named, 'to')
    if (to.userId === space.ownerId) throw new AppError('grant_owner', { sentence: 'They already own this space.' })
    if (to.userId === ctx.actor.userId) throw new AppError('self_escalation')
    const authority: Authority = space.standing === 'owner' ? 'own' : 'platform-admin'
    assertReason(authority, reason)
    await consumeRateLimit(ctx.pool, allowance, ctx.actor.userId)
    const why = authority === 'platform-admin' && { asPlatformAdmin: true, reason }
    about({ detail: { from: space.owner.handle, to: to.handle, ...why } })
    return {
      people: [to.userId],
      write: async function writeOfferSpace({ tx, space: held }) {
        await assertActive(tx, to, 'to')
        if (held.ownerId !== space.ownerId) throw new AppError('space_busy')
        const at = ctx.clock()
        const open = await findOpenOffer(tx, space.id, at)
        if (open)
          throw new AppError('offer_exists', {
            sentence: `This space is already offered to ${open.to.name}. Withdraw that offer first.`,
          })
        await expireOffers(ctx, tx, space.id)
        await insertOffer(tx, {
          spaceId: space.id,
          fromId: space.ownerId,
          toId: to.userId,
          byId: ctx.actor.userId,
          reason: authority === 'platform-admin' ? reason : null,
          createdAt: at,
          expiresAt: new Date(at.getTime() + ctx.policy.offerExpiryDays * dayMs),
        })
        const received = {
          kind: 'offer-received' as const,
          space: { name: held.name, cluster: held.cluster },
          from: nameOf(held.owner),
          admin: authority === 'platform-admin' ? nameOf(ctx.actor) : null,
          reason: authority === 'platform-admin' ? reason : null,
        }
        await notifyPeople(ctx, tx, received, { to: [to.userId], spaceId: space.id, isTask: true })
        if (authority === 'platform-admin')
          await notifyOwner(ctx, tx, held, { kind: 'offer', to: toPrincipal(ctx, { kind: 'user', user: to }), reason })
        return to
      },
    }
  },
})
