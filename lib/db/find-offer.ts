import type { OfferState } from '#lib/domain/offer-view.ts'
import type { Db, Tx } from './client.ts'

export type OfferRecord = {
  id: string
  spaceId: string
  fromId: string
  toId: string
  byId: string
  reason: string | null
  state: OfferState
  lapsesAt: Date
  space: {
    id: string
    name: string
    namespace: string
    status: string
    ownerId: string
    cluster: { name: string }
  }
  from: { handle: string; name: string; email: string }
  to: { handle: string; name: string }
  by: { handle: string; name: string }
}

const people = { select: { handle: true, name: true, email: true } } as const
const include = {
  space: {
    select: {
      id: true,
      name: true,
      namespace: true,
      status: true,
      ownerId: true,
      cluster: { select: { name: true } },
    },
  },
  from: people,
  to: people,
  by: people,
} as const

/** @returns an offer in any state, or null */
export const findOffer = (db: Db | Tx, id: string): Promise<OfferRecord | null> =>
  db.offer.findUnique({ where: { id }, include })

/** @returns a space's offer that can still be accepted, or null */
export const findOpenOffer = (db: Db | Tx, spaceId: string, at: Date): Promise<OfferRecord | null> =>
  db.offer.findFirst({ where: { spaceId, state: 'open', lapsesAt: { gt: at } }, include })
