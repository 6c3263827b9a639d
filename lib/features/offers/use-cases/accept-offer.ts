import { z } from 'zod'
import { closeOffer, type OfferRecord, setSpaceOwner } from '#lib/features/offers/db/offer-rows.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import { findDepartingUser } from '#lib/kernel/db/people/find-departing-user.ts'
import { readPerson } from '#lib/kernel/db/people/find-person.ts'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { endUnrequestedGrants } from '#lib/kernel/db/spaces/end-grants.ts'
import { insertGrant } from '#lib/kernel/db/spaces/insert-grant.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { roleByGroups } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { latestEnd } from '#lib/kernel/model/policy/policy-rules.ts'
import { aboutSpace, assertLiving, type SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'
import { nameOf, notifyPeople } from '#lib/kernel/use-case/notify-people.ts'
import { findOfferToMe } from './find-offer-to-me.ts'

export const acceptOfferInput = z.strictObject({ id: z.uuid() })

/**
 * Accepts an offered space. The former owner becomes an admin, for as long as the policy allows that role, unless they
 * were offboarded.
 * @returns the space
 * @throws AppError not_found, offer_closed, space_deleting; space_limit if the person is at their limit (a platform
 *   admin's offer is exempt)
 */
export const acceptOffer = changeFound({
  by: { permission: 'accept-offer' },
  action: 'space.offer-accept',
  kind: 'offer',
  input: acceptOfferInput,
  find: findOfferToMe,
  holds: ({ fromId, byId, spaceId }) => ({ people: [fromId, byId], spaceId }),
  prepare: function prepareAcceptOffer({ ctx, found: { id, space, from, fromId }, about }) {
    const cluster = space.cluster.name
    about(aboutSpace({ ...space, cluster }))
    about({ detail: { offer: id, from: from.handle, to: ctx.actor.handle } })
    const at = ctx.clock()
    return {
      write: async function writeAcceptOffer({ tx, found: offer, now }): Promise<SpaceKey> {
        await assertOpen(now, tx, offer)
        const { userId } = ctx.actor
        await closeOffer(tx, id, 'accepted', at)
        await setSpaceOwner(tx, space.id, userId)
        await endUnrequestedGrants(tx, space.id, [userId, fromId], { at, byId: userId })
        // An offboarded person gets no access back.
        if ((await findDepartingUser(tx, fromId))?.offboarding === null)
          await insertGrant(tx, {
            spaceId: space.id,
            principal: { kind: 'user', user: { userId: fromId, ...from } },
            role: 'admin',
            startsAt: at,
            endsAt: latestEnd(at, now.policy.longestRoleDays.admin),
            createdById: userId,
            requestId: null,
            withheldFrom: [],
          })
        const accepted = {
          kind: 'offer-accepted' as const,
          space: { name: space.name, cluster },
          by: nameOf(ctx.actor),
        }
        await notifyPeople(ctx, tx, accepted, { to: [fromId, offer.byId], spaceId: space.id })
        return { name: space.name, ...(cluster !== ctx.clusters.defaultName && { cluster }) }
      },
      reconcile: { spaceId: space.id },
    }
  },
})

/** Checks again that the offer is open, with the rows of the space, offerer and recipient locked. */
async function assertOpen(ctx: BrokerContext, tx: Tx, offer: OfferRecord): Promise<void> {
  if (offer.state !== 'open' || offer.expiresAt <= ctx.clock()) throw new AppError('offer_closed')
  assertLiving(offer.space)
  if (offer.space.ownerId !== offer.fromId) throw new AppError('offer_closed')
  // An offer is valid only while its maker could still make it, so deactivating a stolen account voids its offers.
  const by = await readPerson(tx, offer.byId)
  if (by.deactivatedAt) throw new AppError('offer_closed')
  const isByPlatformAdmin = offer.byId !== offer.fromId
  if (isByPlatformAdmin) {
    // Activation isn't checked again: it was required when making the offer.
    if (roleByGroups(by, ctx.issuers) !== 'admin') throw new AppError('offer_closed')
    return
  }
  const { spaceLimit } = ctx.policy
  if ((await countOwnedSpaces(tx, ctx.actor.userId, spaceLimit)) >= spaceLimit)
    throw new AppError('space_limit', {
      sentence: `Your limit is ${spaceLimit} ${spaceLimit === 1 ? 'space' : 'spaces'}. Delete or transfer a space, then accept this one.`,
    })
}
