import { createHash } from 'node:crypto'
import { RateLimiterPostgres, RateLimiterRes } from 'rate-limiter-flexible'
import type { Pool } from '#lib/db/pool.ts'
import { sourceKey } from '#lib/domain/source-key.ts'

/**
 * What fails is counted by its kind, after everything that can be verified was verified: what any page on the web can make a
 * browser send (`foreign-form`, and `unasked`: an answer of the provider to a browser that asked nothing) may be refused
 * without a look. A sign-in that we began and a logout token are always looked at: many share an address, all of them
 * behind a proxy that is not told of (SPACEPORT_TRUSTED_HOPS).
 */
export type SignInFailure = 'sign-in' | 'unasked' | 'foreign-form' | 'logout-token'

export type SignInLimits = {
  /** Counts what failed. @returns whether it is among the first, which the trail is told of one by one */
  fail(kind: SignInFailure, address: string | undefined): Promise<boolean>
  /** @returns whether so many of a kind have failed that no more are looked at for now */
  isBlocked(kind: 'unasked' | 'foreign-form', address: string | undefined): Promise<boolean>
  /** Counts somebody's sign-ins, once the provider has proved who they are. @returns whether this one may go on */
  admit(issuer: string, subject: string): Promise<boolean>
  /** @returns whether a logout token was used */
  isUsed(tokenId: string): Promise<boolean>
  /** Remembers that a logout token is used, for longer than it lives. */
  use(tokenId: string): Promise<void>
}

const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))

/** Limits, counted in the database, so that all processes count together. */
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
  const admitted = limiter('sign-in', 60, 60)
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
    fail: (kind, address) => take(failed, `${kind} ${keyOf(address)}`),
    isBlocked: async (kind, address) => (await left(failed, `${kind} ${keyOf(address)}`)) <= 0,
    admit: (issuer, subject) => take(admitted, createHash('sha256').update(`${issuer} ${subject}`).digest('base64url')),
    isUsed: async (tokenId) => (await left(used, tokenId)) <= 0,
    use: async (tokenId) => void (await take(used, tokenId)),
  }
}
