import { isIPv6 } from 'node:net'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from './refusal.ts'

/** Failed authentications per source in a minute. */
const mostFailures = 60
const windowSeconds = 60

export type FailureLimit = {
  /** @throws Refusal too_many_failures when the source has failed too often */
  check(source: string): Promise<void>
  count(source: string): Promise<void>
}

/** @returns the part of an address that one party has to itself: a whole IPv4 address, or the first 64 bits of IPv6 */
export function sourceKey(address: string): string {
  if (!isIPv6(address)) return address
  if (address.toLowerCase().startsWith('::ffff:') && address.includes('.')) return address.slice(7)
  const [head = '', tail = ''] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `${groups.slice(0, 4).join(':')}::/64`
}

/** Bounds how often one source may present credentials that nobody has. Credentials known to be good are not its business. */
export function createFailureLimit(): FailureLimit {
  const limiter = new RateLimiterMemory({ points: mostFailures, duration: windowSeconds })
  return {
    async check(source) {
      const state = await limiter.get(sourceKey(source))
      if (!state || state.consumedPoints < mostFailures) return
      const seconds = Math.max(1, Math.ceil(state.msBeforeNext / 1_000))
      throw new Refusal(
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
