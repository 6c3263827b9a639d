import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type OfferState = 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired'

/** An offered space, as shown to its recipient. */
export type OfferView = {
  id: string
  space: { name: string; cluster: string; description: string; size: Size }
  from: { handle: string; name: string }
  /** The platform admin who offers it on the owner's behalf, and the reason; null: the owner offers it. */
  admin: { handle: string; name: string; reason: string } | null
  expiresAt: Date
}

/** A space's open offer, as shown to people who may withdraw it. */
export type SpaceOffer = { id: string; to: { handle: string; name: string }; expiresAt: Date }
