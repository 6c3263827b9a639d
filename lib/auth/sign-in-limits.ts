import { createHash } from 'node:crypto'
import type { Pool } from '#lib/db/pool.ts'
import { createRateLimiter } from '#lib/db/rate-limiter.ts'
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
  const admitted = createRateLimiter(pool, { name: 'sign-in', times: 60, seconds: 60 }, { sweeps: true })
  const failed = createRateLimiter(pool, { name: 'sign-in-failed', times: 30, seconds: 60 })
  const used = createRateLimiter(pool, { name: 'logout-token', times: 1, seconds: 15 * 60 })
  return {
    fail: (kind, address) => failed.take(`${kind} ${keyOf(address)}`),
    isBlocked: (kind, address) => failed.isUsedUp(`${kind} ${keyOf(address)}`),
    admit: (issuer, subject) => admitted.take(createHash('sha256').update(`${issuer} ${subject}`).digest('base64url')),
    isUsed: (tokenId) => used.isUsedUp(tokenId),
    use: async (tokenId) => void (await used.take(tokenId)),
  }
}
