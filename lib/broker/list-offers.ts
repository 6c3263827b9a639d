import { listOffers as listInDb } from '../db/list-offers.ts'
import type { OfferView } from '../domain/offer-view.ts'
import { authorizePlatform } from './authorize.ts'
import type { BrokerContext } from './context.ts'

/** @returns the spaces that are offered to the person, those that lapse first; at most 20 */
export async function listOffers(ctx: BrokerContext): Promise<OfferView[]> {
  authorizePlatform(ctx, 'list-offers')
  const rows = await listInDb(ctx.pool, ctx.actor.userId, ctx.clock())
  return rows.map((row) => ({
    id: row.id,
    space: { name: row.space, cluster: row.cluster, description: row.description, size: row.size },
    from: { handle: row.fromHandle, name: row.fromName },
    office: row.byOwner ? null : { handle: row.byHandle, name: row.byName, reason: row.reason ?? '' },
    lapsesAt: row.lapsesAt,
  }))
}
