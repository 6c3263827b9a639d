/** A place between two events of the chain. */
export type ChainPlace = {
  /** After all events of blocks up to this one. */
  block: number
  /** And so many of the next one’s: its head, then its rows. */
  position: number
  /** And checkpoints about blocks up to this one. */
  checkpoint: number
}

/** How far the trail has been delivered somewhere, as the table keeps it. */
export type TrailDelivery = ChainPlace & {
  sink: string
  host: string
  delivered: number
  deliveredAt: Date | null
  failingSince: Date | null
  lastError: string | null
  attempts: number
  nextAttemptAt: Date | null
  seenAt: Date
}

/** As a page shows it. */
export type DeliveryView = Omit<TrailDelivery, keyof ChainPlace> & {
  /** How many rows of sealed blocks aren’t delivered yet. */
  waiting: number
  /** Whether there are more than were counted. */
  isMore: boolean
}

/** A worker that delivers notes it this often; it is gone, or delivers there no more, when it hasn’t for longer. */
export const seenEveryMs = 15_000
const seenWithinMs = 60_000

const firstPauseMs = 1_000
const maxPauseMs = 5 * 60_000

/**
 * @param attempts that failed so far, with this one
 * @param afterMs what the receiver asks for
 * @param random of 0 to 1, so that several don’t come at once
 * @returns when to try again, in milliseconds: after a second, then after twice as long each time, at most five minutes
 */
export function deliveryPauseMs(attempts: number, afterMs: number, random: number): number {
  const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20))
  return Math.min(maxPauseMs, Math.max(pause * (0.8 + 0.2 * random), afterMs))
}

export type DeliveryState = 'delivering' | 'behind' | 'away' | 'idle'

/** @returns what a page says of it first: `idle`, no worker has looked after it for a minute */
export function deliveryState(delivery: DeliveryView, now: Date): DeliveryState {
  if (now.getTime() - delivery.seenAt.getTime() > seenWithinMs) return 'idle'
  if (delivery.failingSince !== null) return 'away'
  return delivery.waiting > 1_000 ? 'behind' : 'delivering'
}
