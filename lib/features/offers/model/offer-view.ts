import type { Size } from '#lib/kernel/model/spaces/size.ts'

export type OfferState = 'open' | 'accepted' | 'declined' | 'withdrawn' | 'expired'

/** A space offered to somebody, as they see it. */
export type OfferView = {
  id: string
  space: { name: string; cluster: string; description: string; size: Size }
  from: { handle: string; name: string }
  /** The platform admin who offers it on the owner’s behalf, and why; null: the owner offers it. */
  admin: { handle: string; name: string; reason: string } | null
  expiresAt: Date
}

/** A space's open offer, as seen by those who may withdraw it. */
export type SpaceOffer = { id: string; to: { handle: string; name: string }; expiresAt: Date }
