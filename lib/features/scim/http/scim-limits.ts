import 'server-only'
import { createHash } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** Limits for each address, minute and process. */
const perMinute = { requests: 6_000, failures: 30 }
/** Maximum age of the cached list of active tokens. */
const listedMs = 5_000

export type ScimLimits = {
  /**
   * Counts a request before its token is looked up. Above the failure limit, an active token still gets in, so guessing
   * doesn't lock the provider out.
   * @param hashes reads the SHA-256 hashes of the active tokens, in hex; called every few seconds at most
   * @returns whether the request may proceed
   */
  admit(address: string | undefined, token: string, hashes: () => Promise<readonly string[]>): Promise<boolean>
  /** Counts a request with an invalid token. */
  fail(address: string | undefined): Promise<void>
}

export const scimLimits = (): ScimLimits => processValue('scim-limits', createScimLimits)

function createScimLimits(): ScimLimits {
  const requests = new RateLimiterMemory({ keyPrefix: 'scim', points: perMinute.requests, duration: 60 })
  const failures = new RateLimiterMemory({ keyPrefix: 'scim-failed', points: perMinute.failures, duration: 60 })
  const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))
  let listed: { at: number; hashes: Promise<readonly string[]> } | undefined
  const isInForce = async (token: string, hashes: () => Promise<readonly string[]>) => {
    const at = performance.now()
    if (!listed || at > listed.at + listedMs) listed = { at, hashes: hashes() }
    return (await listed.hashes).includes(createHash('sha256').update(token).digest('hex'))
  }
  return {
    async admit(address, token, hashes) {
      const key = keyOf(address)
      if (!(await take(requests, key))) return false
      const failed = await failures.get(key)
      return failed === null || failed.consumedPoints < perMinute.failures || isInForce(token, hashes)
    },
    fail: async (address) => void (await take(failures, keyOf(address))),
  }
}

async function take(limiter: RateLimiterMemory, key: string): Promise<boolean> {
  try {
    await limiter.consume(key)
    return true
  } catch (error) {
    if (error instanceof RateLimiterRes) return false
    throw error
  }
}
