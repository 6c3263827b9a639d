import { createHash } from 'node:crypto'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { createRateLimiter } from '#lib/kernel/db/rate-limiter.ts'
import { sourceKey } from '#lib/kernel/model/people/source-key.ts'

/**
 * Failures are counted by kind, after everything that can be verified was verified. What any page on the web can make a
 * browser send (`foreign-form`, and `unasked`: a provider's answer to a browser that did not ask) may be refused
 * without a check. A sign-in that we began, a logout token and a break-glass code (`break-glass`) are always
 * checked: many people share an address, or all of them behind a proxy that isn't configured (SPACEPORT_TRUSTED_HOPS).
 * `stranger`: one whom the operator's limits keep out and who has no account.
 */
export type SignInFailure = 'sign-in' | 'stranger' | 'unasked' | 'foreign-form' | 'logout-token' | 'break-glass'

export type SignInLimits = {
  /** Counts a failure. @returns whether it is among the first, each of which goes into the trail */
  fail(kind: SignInFailure, address: string | undefined): Promise<boolean>
  /** @returns whether so many of a kind have failed that no more are counted and told for now */
  isBlocked(kind: 'unasked' | 'foreign-form' | 'break-glass', address: string | undefined): Promise<boolean>
  /** Counts a person's sign-ins, once the provider has proved who they are. @returns whether this one may go on */
  admit(issuer: string, subject: string): Promise<boolean>
  /** @returns whether a logout token was already used */
  isUsed(tokenId: string): Promise<boolean>
  /** Remembers that a logout token was used, for longer than it is valid. */
  use(tokenId: string): Promise<void>
}

/** Wrong break-glass codes from everywhere: a bound on rows of the trail, since none can be guessed. */
const everywhere = { name: 'break-glass-failed', times: 600, seconds: 60 }
/** As many people as have an account at a public provider could be refused: a bound on rows of the trail. */
const strangersEverywhere = { name: 'strangers', times: 60, seconds: 60 }

const keyOf = (address: string | undefined) => (address === undefined ? 'unknown' : sourceKey(address))

/** Limits that are counted in the database, so that all processes share them. */
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
