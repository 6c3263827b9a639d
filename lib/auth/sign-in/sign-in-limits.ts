import { createHash } from 'node:crypto'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { createRateLimiter } from '#lib/kernel/db/rate-limiter.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/**
 * The kinds of failures, counted after all verification. Any web page can make a browser send a `foreign-form` or an
 * `unasked` answer (to no sign-in of this browser), so these may be refused unchecked. A sign-in begun here, a logout
 * token and a `break-glass` code are always checked: many people share an address, or all of them behind a proxy that
 * isn't configured (SPACEPORT_TRUSTED_HOPS). `stranger`: a person without an account, refused by the operator's limits.
 */
export type SignInFailure = 'sign-in' | 'stranger' | 'unasked' | 'foreign-form' | 'logout-token' | 'break-glass'

export type SignInLimits = {
  /**
   * Counts a failure.
   * @returns whether it is one of the first, which go into the trail
   */
  fail(kind: SignInFailure, address: string | undefined): Promise<boolean>
  /** @returns whether a kind is over its rate limit, so that no more are counted for now */
  isBlocked(kind: 'unasked' | 'foreign-form' | 'break-glass', address: string | undefined): Promise<boolean>
  /**
   * Counts a person's sign-ins after the provider has authenticated them.
   * @returns whether this one may continue
   */
  admit(issuer: string, subject: string): Promise<boolean>
  isUsed(tokenId: string): Promise<boolean>
  /** Remembers a used logout token for longer than it is valid. */
  use(tokenId: string): Promise<void>
}

/** Wrong break-glass codes from all addresses. This only limits trail entries: codes can't be guessed. */
const everywhere = { name: 'break-glass-failed', times: 600, seconds: 60 }
/** At a public provider, anyone with an account could be refused, so this limits trail entries. */
const strangersEverywhere = { name: 'strangers', times: 60, seconds: 60 }

const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))

/** Rate limits counted in the database, shared by all processes. */
export function createSignInLimits(pool: Pool): SignInLimits {
  const admitted = createRateLimiter(pool, { name: 'sign-in', times: 60, seconds: 60 }, { sweeps: true })
  const failed = createRateLimiter(pool, { name: 'sign-in-failed', times: 30, seconds: 60 })
  const breakGlass = createRateLimiter(pool, everywhere)
  const strangers = createRateLimiter(pool, strangersEverywhere)
  const used = createRateLimiter(pool, { name: 'logout-token', times: 1, seconds: 15 * 60 })
  return {
    async fail(kind, address) {
      const isAmongFirst = kind !== 'break-glass' || (await breakGlass.take('all'))
      if (!(await failed.take(`${kind} ${keyOf(address)}`))) return false
      return kind === 'stranger' ? strangers.take('all') : isAmongFirst
    },
    async isBlocked(kind, address) {
      if (await failed.isUsedUp(`${kind} ${keyOf(address)}`)) return true
      return kind === 'break-glass' && (await breakGlass.isUsedUp('all'))
    },
    admit: (issuer, subject) => admitted.take(createHash('sha256').update(`${issuer} ${subject}`).digest('base64url')),
    isUsed: (tokenId) => used.isUsedUp(tokenId),
    use: async (tokenId) => void (await used.take(tokenId)),
  }
}
