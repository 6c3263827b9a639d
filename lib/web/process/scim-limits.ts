import 'server-only'
import { createHash } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { sourceKey } from '#lib/domain/source-key.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** What one address may do in a minute, in this process. */
const perMinute = { requests: 6_000, failures: 30 }
/** How long a token that was in force gets past the limit of failures: those who guess must not lock the provider out. */
const knownMs = 10 * 60_000
const maxKnown = 10

export type ScimLimits = {
  /** Counts a request, before the database is asked. @returns whether it may go on */
  admit(address: string | undefined, token: string): Promise<boolean>
  /** Counts a token that isn't in force. */
  fail(address: string | undefined): Promise<void>
  /** Remembers a token that is. */
  succeed(token: string): void
}

export const scimLimits = (): ScimLimits => processValue('scim-limits', createScimLimits)

function createScimLimits(): ScimLimits {
  const requests = new RateLimiterMemory({ keyPrefix: 'scim', points: perMinute.requests, duration: 60 })
  const failures = new RateLimiterMemory({ keyPrefix: 'scim-failed', points: perMinute.failures, duration: 60 })
  const known = new Map<string, number>()
  const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))
  const isKnown = (token: string) => (known.get(digest(token)) ?? 0) > performance.now() - knownMs
  return {
    async admit(address, token) {
      const key = keyOf(address)
      if (!(await take(requests, key))) return false
      const failed = await failures.get(key)
      return failed === null || failed.consumedPoints < perMinute.failures || isKnown(token)
    },
    fail: async (address) => void (await take(failures, keyOf(address))),
    succeed(token) {
      known.set(digest(token), performance.now())
      const [oldest] = known.keys()
      if (known.size > maxKnown && oldest !== undefined) known.delete(oldest)
    },
  }
}

const digest = (token: string): string => createHash('sha256').update(token).digest('hex')

async function take(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key)
    return true
  } catch (error) {
    if (error instanceof RateLimiterRes) return false
    throw error
  }
}
