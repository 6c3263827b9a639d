import { AppError } from '#lib/kernel/model/errors.ts'
import type { Pool } from './pool.ts'
import { createRateLimiter, type RateLimit, type RateLimiter } from './rate-limiter.ts'

const limiters = new WeakMap<Pool, Map<string, RateLimiter>>()

function limiterOf(pool: Pool, allowance: RateLimit): RateLimiter {
  const ofPool = limiters.get(pool) ?? new Map<string, RateLimiter>()
  limiters.set(pool, ofPool)
  const limiter = ofPool.get(allowance.name) ?? createRateLimiter(pool, allowance)
  ofPool.set(allowance.name, limiter)
  return limiter
}

/**
 * Counts one use.
 * @param key the person or address that the limit applies to
 * @throws AppError rate_limited when the limit is reached
 */
export async function consumeAllowance(pool: Pool, allowance: RateLimit, key: string): Promise<void> {
  if (!(await limiterOf(pool, allowance).take(key))) throw new AppError('rate_limited')
}
