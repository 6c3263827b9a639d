/** A position between two events of the chain. */
export type ChainPlace = {
  /** After all events of blocks up to this one. */
  block: number
  /** After this many events of the next block: its head, then its rows. */
  position: number
  /** After checkpoints of blocks up to this one. */
  checkpoint: number
}

/** The progress of a delivery, as stored in the table. */
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

/** A delivery as shown on a page. */
export type DeliveryView = Omit<TrailDelivery, keyof ChainPlace> & {
  /** The number of sealed rows that aren’t delivered yet. */
  waiting: number
  /** Whether there are more than were counted. */
  isMore: boolean
}

/** How often a worker records that it serves a delivery. After a longer silence it has stopped. */
export const seenEveryMs = 15_000
const seenWithinMs = 60_000

const firstPauseMs = 1_000
const maxPauseMs = 5 * 60_000

/**
 * @param attempts failed so far, including this one
 * @param afterMs the delay that the receiver asked for
 * @param random between 0 and 1, to spread retries
 * @returns the delay before the next attempt, in milliseconds: one second, then twice as long each time, at most five
 * minutes
 */
export function deliveryPauseMs(attempts: number, afterMs: number, random: number): number {
  const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** Math.min(attempts - 1, 20))
  return Math.min(maxPauseMs, Math.max(pause * (0.8 + 0.2 * random), afterMs))
}

export type DeliveryState = 'delivering' | 'behind' | 'away' | 'idle'

/** @returns the delivery's state; `idle`: no worker has served it for a minute */
export function deliveryState(delivery: DeliveryView, now: Date): DeliveryState {
  if (now.getTime() - delivery.seenAt.getTime() > seenWithinMs) return 'idle'
  if (delivery.failingSince !== null) return 'away'
  return delivery.waiting > 1_000 ? 'behind' : 'delivering'
}
