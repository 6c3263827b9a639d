import { AppError } from '#lib/kernel/model/errors.ts'
import type { Pool } from './pool.ts'
import { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts'

const limiters = new WeakMap<Pool, Map<string, RateLimiter>>()

function limiterOf(pool: Pool, limit: RateLimit): RateLimiter {
  const ofPool = limiters.get(pool) ?? new Map<string, RateLimiter>()
  limiters.set(pool, ofPool)
  const limiter = ofPool.get(limit.name) ?? createRateLimiter(pool, limit)
  ofPool.set(limit.name, limiter)
  return limiter
}

/**
 * Counts one use.
 * @param key the person or address that the limit applies to
 * @throws AppError rate_limited when the limit is reached
 */
export async function consumeRateLimit(pool: Pool, limit: RateLimit, key: string): Promise<void> {
  if (!(await limiterOf(pool, limit).take(key))) throw new AppError('rate_limited')
}
