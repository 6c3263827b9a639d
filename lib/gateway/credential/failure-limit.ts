/**
 * Which sources failed too often recently. Failures from there are told to wait; unknown credentials are looked up
 * patiently (patient-look-up.ts). It protects Postgres; guessing is hopeless anyway, with tokens of 256 bits. Many
 * people share an address (an platform role, a cluster's egress), so it must never keep a valid credential out because of what
 * others present.
 */
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { createCounts } from '#lib/kernel/limits/counts.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/** Failed authentications per source in a minute. */
const maxFailures = 60
const windowSeconds = 60

export type FailureLimit = {
  /**
   * Look-ups of unknown credentials may all fail, so those under way count as failed: guessing in parallel gains
   * nothing over guessing in sequence.
   * @returns whether this one would be too many, and a function to call when it has ended
   */
  begin(source: string): Promise<{ exceeded: boolean; over: () => void }>
  /** @throws GatewayRefusal too_many_failures when the source has failed too often */
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
        `too many requests without a valid credential came from your address; try again in ${seconds} s`,
        { retryAfterSeconds: seconds },
      )
    },
    async count(source) {
      await limiter.penalty(sourceKey(source), 1)
    },
  }
}
