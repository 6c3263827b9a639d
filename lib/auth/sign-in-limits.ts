import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pool } from '../db/pool.ts'
import { sourceKey } from '../domain/source-key.ts'

/**
 * What fails is counted by its kind: what any page on the web can make a browser send (`foreign-form`, and `unasked`: an
 * answer of the provider to a browser that asked nothing) must never keep anybody out who does ask.
 */
export type SignInFailure = 'sign-in' | 'unasked' | 'foreign-form' | 'logout-token'

export type SignInLimits = {
  /** Counts a sign-in that is begun. @returns whether it may go on */
  begin(address: string | undefined): Promise<boolean>
  /** Counts what failed. */
  fail(kind: SignInFailure, address: string | undefined): Promise<void>
  /** @returns whether so many of a kind have failed that no more are looked at for now */
  isBlocked(kind: SignInFailure, address: string | undefined): Promise<boolean>
  /** @returns whether a logout token was used */
  isUsed(tokenId: string): Promise<boolean>
  /** Remembers that a logout token is used, for longer than it lives. */
  use(tokenId: string): Promise<void>
}

const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))

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
  const left = async (from: RateLimiterPostgres, key: string) => (await from.get(key))?.remainingPoints ?? 1
  return {
    begin: (address) => take(begun, keyOf(address)),
    fail: async (kind, address) => void (await take(failed, `${kind} ${keyOf(address)}`)),
    isBlocked: async (kind, address) => (await left(failed, `${kind} ${keyOf(address)}`)) <= 0,
    isUsed: async (tokenId) => (await left(used, tokenId)) <= 0,
    use: async (tokenId) => void (await take(used, tokenId)),
  }
}
