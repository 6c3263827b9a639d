import { selectOffers } from '#lib/features/offers/db/offer-rows.ts'
import type { OfferView } from '#lib/features/offers/model/offer-view.ts'
import { nothing, viewPlatform } from '#lib/kernel/define/view-platform.ts'

/** @returns the person's open offers, soonest to expire first; at most 100 */
export const listOffers = viewPlatform({
  permission: 'list-offers',
  input: nothing,
  read: async function readListOffers({ ctx }): Promise<OfferView[]> {
    const rows = await selectOffers(ctx.pool, ctx.actor.userId, ctx.clock())
    return rows.map((row) => ({
      id: row.id,
      space: { name: row.space, cluster: row.cluster, description: row.description, size: row.size },
      from: { handle: row.fromHandle, name: row.fromName },
      admin: row.byOwner ? null : { handle: row.byHandle, name: row.byName, reason: row.reason ?? '' },
      expiresAt: row.expiresAt,
    }))
  },
})
