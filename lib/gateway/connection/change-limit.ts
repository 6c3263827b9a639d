/**
 * How fast one person may make changes. Each is two durable rows in the trail, so must never let a person who may change
 * things drown it, and the disk beneath: a burst as large as any deployment's, and then a steady pace.
 */
import { BurstyRateLimiter, RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'

const changesPerSecond = 20
/** On top of those, within a minute. kubectl itself sends at most 300 at once and then 50 in a second. */
const burst = 1_200
const burstSeconds = 60

/** @throws GatewayRefusal too_many_changes, with the seconds after which it is worth to try again; clients wait by themselves */
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
        `you have made more changes than ${changesPerSecond} a second for a while; try again in ${seconds} s`,
        { retryAfterSeconds: seconds },
      )
    }
  }
}
