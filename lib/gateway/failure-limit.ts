/**
 * Which sources failed too often of late. What fails from there is told to wait; what is not known yet is looked up
 * patiently (patient-look-up.ts). It protects Postgres; what makes guessing hopeless is the 256 bits of a token. Many people
 * share an address (an office, a cluster's egress), so must never keep a good credential out for what others present.
 */
import { isIPv6 } from 'node:net'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import { Refusal } from './refusal.ts'

/** Failed authentications per source in a minute. */
const mostFailures = 60
const windowSeconds = 60

export type FailureLimit = {
  /** @returns whether the source has failed too often */
  exceeded(source: string): Promise<boolean>
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

export function createFailureLimit(): FailureLimit {
  const limiter = new RateLimiterMemory({ points: mostFailures, duration: windowSeconds })
  const find = async (source: string) => {
    const state = await limiter.get(sourceKey(source))
    return state && state.consumedPoints >= mostFailures ? state : undefined
  }
  return {
    exceeded: async (source) => (await find(source)) !== undefined,
    async check(source) {
      const state = await find(source)
      if (!state) return
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
