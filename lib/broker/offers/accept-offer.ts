import { z } from 'zod'
import { settleSoon } from '#lib/broker/reconcile/settle-soon.ts'
import { aboutSpace, assertLiving, authorizePlatform, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { holdActor } from '#lib/broker/use-case/hold-actor.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import type { Tx } from '#lib/db/client.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'
import { endUnrequestedGrants } from '#lib/db/end-grants.ts'
import { touchSpace } from '#lib/db/enqueue-reconcile.ts'
import { findOffer, type OfferRecord } from '#lib/db/find-offer.ts'
import { holdSpaceRow } from '#lib/db/hold-space-row.ts'
import { insertGrant } from '#lib/db/insert-grant.ts'
import { markOfferAccepted } from '#lib/db/mark-offer-accepted.ts'
import { readPerson } from '#lib/db/read-person.ts'
import { setSpaceOwner } from '#lib/db/set-space-owner.ts'
import { AppError } from '#lib/domain/errors.ts'
import { platformRoleAt } from '#lib/domain/role.ts'

export const acceptOfferInput = z.strictObject({ id: z.uuid() })

/**
 * Takes a space that was offered to one. Who owned it keeps the admin role, until the new owner decides otherwise.
 * @returns the space
 * @throws AppError not_found, offer_closed, space_deleting; space_limit when one owns as many as one may (what a platform
 *   admin offers is taken all the same)
 */
export async function acceptOffer(ctx: BrokerContext, { id }: z.infer<typeof acceptOfferInput>): Promise<SpaceKey> {
  return recorded(ctx, 'space.offer-accept', { target: { kind: 'offer', id } }, async (record) => {
    authorizePlatform(ctx, 'accept-offer')
    const offer = await findOffer(ctx.db, id)
    if (!offer || offer.toId !== ctx.actor.userId) throw new AppError('not_found')
    const { space, from } = offer
    record.about(aboutSpace({ ...space, cluster: space.cluster.name }))
    record.about({ detail: { offer: id, from: from.handle, to: ctx.actor.handle } })
    const at = ctx.clock()
    await record.commit(async (tx) => {
      await holdOpenOffer(ctx, tx, offer)
      const { userId } = ctx.actor
      await markOfferAccepted(tx, id, at)
      await setSpaceOwner(tx, space.id, userId)
      await endUnrequestedGrants(tx, space.id, [userId, offer.fromId], { at, byId: userId })
      await insertGrant(tx, {
        spaceId: space.id,
        principal: { kind: 'user', user: { userId: offer.fromId, ...from } },
        role: 'admin',
        startsAt: at,
        endsAt: null,
        createdById: userId,
        requestId: null,
        withheldFrom: [],
      })
      await touchSpace(tx, space.id)
    })
    await settleSoon(ctx, space.id)
    const cluster = space.cluster.name
    return { name: space.name, ...(cluster !== ctx.clusters.defaultName && { cluster }) }
  })
}

/** Holds everybody and the space, and judges again that the offer stands: by whom it was made, and for whom. */
async function holdOpenOffer(ctx: BrokerContext, tx: Tx, offer: OfferRecord): Promise<void> {
  const now = await holdActor(ctx, tx, [offer.fromId, offer.byId])
  authorizePlatform(now, 'accept-offer')
  await holdSpaceRow(tx, offer.spaceId)
  const again = await findOffer(tx, offer.id)
  if (again?.state !== 'open' || again.lapsesAt <= ctx.clock()) throw new AppError('offer_closed')
  assertLiving(again.space)
  if (again.space.ownerId !== again.fromId) throw new AppError('offer_closed')
  // An offer counts only as long as whoever made it could make it: a stolen account gives nothing away once it is closed.
  const by = await readPerson(tx, again.byId)
  if (by.deactivatedAt) throw new AppError('offer_closed')
  const isByOffice = again.byId !== again.fromId
  if (isByOffice) {
    if (platformRoleAt(by, ctx.issuer) !== 'admin') throw new AppError('offer_closed')
    return
  }
  const { spaceLimit } = ctx.policy
  if ((await countOwnedSpaces(tx, ctx.actor.userId, spaceLimit)) >= spaceLimit)
    throw new AppError('space_limit', {
      sentence: `Your limit is ${spaceLimit} ${spaceLimit === 1 ? 'space' : 'spaces'}. Delete a space or hand one over, then accept this one.`,
    })
}
