/**
 * Tracks sources with too many recent failures. Their failures get a 429, and unknown credentials are looked up in slow
 * batches (patient-look-up.ts). This protects Postgres; guessing 256-bit tokens is hopeless anyway. Many people share
 * an address (an office, a cluster's egress), so it must never refuse a valid credential because of other callers.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { createCounts } from '#lib/kernel/limits/counts.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/** Per source and minute. */
const maxFailures = 60
const windowSeconds = 60

export type FailureLimit = {
  /**
   * Look-ups of unknown credentials in progress count as failed, so parallel guessing gains nothing.
   * @returns whether this one exceeds the limit, and a function to call when it has ended
   */
  begin(source: string): Promise<{ exceeded: boolean; over: () => void }>
  check(source: string): Promise<void>
  count(source: string): Promise<void>
}

export function createFailureLimit(): FailureLimit {
  const limiter = new RateLimiterMemory({ points: maxFailures, duration: windowSeconds })
  const underWay = createCounts()
  return {
    async begin(source) {
      const key = sourceKey(source)
      const before = underWay.of(key)
      underWay.add(key, 1)
      const over = () => void underWay.add(key, -1)
      const failed = (await limiter.get(key))?.consumedPoints ?? 0
      return { exceeded: failed + before >= maxFailures, over }
    },
    async check(source) {
      const state = await limiter.get(sourceKey(source))
      if (!state || state.consumedPoints < maxFailures) return
      const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000))
      throw new GatewayRefusal(
        'too_many_failures',
        429,
        `too many requests without a valid credential from your address; retry in ${seconds} s`,
        { retryAfterSeconds: seconds },
      )
    },
    async count(source) {
      await limiter.penalty(sourceKey(source), 1)
    },
  }
}
