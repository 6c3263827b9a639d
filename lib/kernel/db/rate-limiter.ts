import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pool } from './pool.ts'

/** A rate limit: `times` in `seconds`. */
export type RateLimit = { name: string; times: number; seconds: number }

export type RateLimiter = {
  /** Counts one use. @returns whether it was within the limit */
  take(key: string): Promise<boolean>
  /** @returns whether the limit is reached; counts nothing */
  isUsedUp(key: string): Promise<boolean>
}

/**
 * Counts in the database, across all processes.
 * @param options.sweeps also removes expired rows of all limiters; one such limiter per process is enough
 */
export function createRateLimiter(pool: Pool, limit: RateLimit, options: { sweeps?: boolean } = {}): RateLimiter {
  const limiter = new RateLimiterPostgres({
    storeClient: pool,
    storeType: 'pool',
    tableName: 'rate_limit',
    tableCreated: true,
    clearExpiredByTimeout: options.sweeps ?? false,
    keyPrefix: limit.name,
    points: limit.times,
    duration: limit.seconds,
  })
  return {
    async take(key) {
      try {
        await limiter.consume(key)
        return true
      } catch (refusal) {
        if (refusal instanceof RateLimiterRes) return false
        throw refusal
      }
    },
    isUsedUp: async (key) => ((await limiter.get(key))?.remainingPoints ?? 1) <= 0,
  }
}
