import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import { AppError } from '#lib/domain/errors.ts'
import type { Pool } from './pool.ts'

/** How often something may be done: so many times in so many seconds. */
export type Allowance = { name: string; times: number; seconds: number }

const limiters = new WeakMap<Pool, Map<string, RateLimiterPostgres>>()

function limiterOf(pool: Pool, { name, times, seconds }: Allowance): RateLimiterPostgres {
  const ofPool = limiters.get(pool) ?? new Map<string, RateLimiterPostgres>()
  limiters.set(pool, ofPool)
  const limiter =
    ofPool.get(name) ??
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: false,
      keyPrefix: name,
      points: times,
      duration: seconds,
    })
  ofPool.set(name, limiter)
  return limiter
}

/**
 * Counts one use, in the database, so that all processes count together.
 * @param key whose allowance it is
 * @throws AppError rate_limited once it is used up
 */
export async function consumeAllowance(pool: Pool, allowance: Allowance, key: string): Promise<void> {
  try {
    await limiterOf(pool, allowance).consume(key)
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) throw new AppError('rate_limited')
    throw refusal
  }
}
