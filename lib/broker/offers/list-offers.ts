import { nothing, viewPlatform } from '#lib/broker/define/view-platform.ts'
import { selectOffers } from '#lib/db/select-offers.ts'
import type { OfferView } from '#lib/domain/offer-view.ts'

/** @returns the spaces that are offered to the person, those that expire first on top; at most 20 */
export const listOffers = viewPlatform({
  permission: 'list-offers',
  input: nothing,
  async read({ ctx }): Promise<OfferView[]> {
    const rows = await selectOffers(ctx.pool, ctx.actor.userId, ctx.clock())
    return rows.map((row) => ({
      id: row.id,
      space: { name: row.space, cluster: row.cluster, description: row.description, size: row.size },
      from: { handle: row.fromHandle, name: row.fromName },
      office: row.byOwner ? null : { handle: row.byHandle, name: row.byName, reason: row.reason ?? '' },
      expiresAt: row.expiresAt,
    }))
  },
})
