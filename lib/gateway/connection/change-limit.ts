/**
 * Limits how fast one person may make changes. Each change is two durable rows in the trail, so people with write
 * access must not be able to flood the trail and its disk. Allows a burst as large as any deployment's, then a steady
 * rate.
 */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const changesPerSecond = 20
/** Extra changes within a minute. kubectl itself sends at most 300 at once, then 50 a second. */
const burst = 1_200
const burstSeconds = 60

/** @throws GatewayRefusal too_many_changes, with the seconds until a retry; clients wait on their own */
export type ChangeLimit = (personId: string) => Promise<void>

export function createChangeLimit(): ChangeLimit {
  const limiter = new BurstyRateLimiter(
    new RateLimiterMemory({ points: changesPerSecond, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: 'burst', points: burst, duration: burstSeconds }),
  )
  return async (personId) => {
    try {
      await limiter.consume(personId)
    } catch (rejected) {
      if (!(rejected instanceof RateLimiterRes)) throw rejected
      const seconds = Math.max(1, Math.ceil(rejected.msBeforeNext / 1_000))
      throw new GatewayRefusal(
        'too_many_changes',
        429,
        `too many changes (limit: ${changesPerSecond} a second); retry in ${seconds} s`,
        { retryAfterSeconds: seconds },
      )
    }
  }
}
