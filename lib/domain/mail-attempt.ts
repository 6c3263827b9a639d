import { dayMs, hourMs } from './duration.ts'

const firstMs = 60_000

/**
 * When mail that couldn't be sent is tried again: after a minute, then after twice as long each time, up to an hour.
 * @param attempts so far
 * @returns null: it is given up, a day after it was written
 */
export function nextAttempt(createdAt: Date, attempts: number, at: Date): Date | null {
  const next = new Date(at.getTime() + Math.min(hourMs, firstMs * 2 ** (attempts - 1)))
  return next.getTime() - createdAt.getTime() > dayMs ? null : next
}
