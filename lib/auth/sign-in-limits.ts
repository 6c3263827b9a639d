import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pool } from '../db/pool.ts'

export type SignInLimits = {
  /** Counts a sign-in that is begun. @returns whether it may go on */
  begin(address: string | undefined): Promise<boolean>
  /** Counts a sign-in that failed on its way back. */
  fail(address: string | undefined): Promise<void>
  /** @returns whether so many have failed that no more are looked at for now */
  isBlocked(address: string | undefined): Promise<boolean>
  /** @returns whether this is the first time that a logout token is seen */
  firstUse(tokenId: string): Promise<boolean>
}

const nowhere = 'unknown'

/** Limits by address, counted in the database, so that all processes count together. */
export function createSignInLimits(pool: Pool): SignInLimits {
  const limiter = (keyPrefix: string, points: number, duration: number) =>
    new RateLimiterPostgres({
      storeClient: pool,
      storeType: 'pool',
      tableName: 'rate_limit',
      tableCreated: true,
      clearExpiredByTimeout: keyPrefix === 'sign-in',
      keyPrefix,
      points,
      duration,
    })
  const begun = limiter('sign-in', 60, 60)
  const failed = limiter('sign-in-failed', 30, 60)
  const used = limiter('logout-token', 1, 15 * 60)
  const take = async (from: RateLimiterPostgres, key: string) => {
    try {
      await from.consume(key)
      return true
    } catch (refusal) {
      if (refusal instanceof RateLimiterRes) return false
      throw refusal
    }
  }
  return {
    begin: (address = nowhere) => take(begun, address),
    fail: async (address = nowhere) => void (await take(failed, address)),
    isBlocked: async (address = nowhere) => ((await failed.get(address))?.remainingPoints ?? 1) <= 0,
    firstUse: (tokenId) => take(used, tokenId),
  }
}
