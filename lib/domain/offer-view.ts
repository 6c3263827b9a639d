import type { Size } from './size.ts'

export type OfferState = 'open' | 'accepted' | 'declined' | 'withdrawn' | 'lapsed'

/** A space that waits for somebody to want it, as they see it. */
export type OfferView = {
  id: string
  space: { name: string; cluster: string; description: string; size: Size }
  from: { handle: string; name: string }
  /** The platform admin who offers it in the owner’s stead, and why; null: the owner does. */
  office: { handle: string; name: string; reason: string } | null
  lapsesAt: Date
}

/** The open offer of a space, as those see it who may withdraw it. */
export type SpaceOffer = { id: string; to: { handle: string; name: string }; lapsesAt: Date }
