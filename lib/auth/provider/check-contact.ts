/**
 * Whether an identity provider answers at all: while it doesn't, its last word on people's groups counts for longer.
 * Must never be decided by what somebody's own session or sign-in ran into: the question is the same every time, has
 * nothing of a person in it, and several in a row have to fail.
 */
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { claimContact, noteProviderAnswer, noteProviderSilence } from '#lib/auth/db/contact.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { createIdentityProvider, providerFaultOf } from './identity-provider.ts'

/** How often it is asked, by one of all web processes. */
export const contactEveryMs = 60_000
/** Timers aren't exact. */
const earlyMs = 5_000
const bounds = { timeoutMs: 5_000, maxBytes: 200_000 }

/**
 * @param issuer without trailing slashes
 * @returns whether the provider answered; null: another process asked a moment ago
 */
export async function checkContact(
  { db, clock }: Pick<AuthServices, 'db' | 'clock'>,
  issuer: string,
): Promise<boolean | null> {
  const at = clock()
  if (!(await claimContact(db, issuer, { at, before: new Date(at.getTime() - contactEveryMs + earlyMs) }))) return null
  const answers = await doesAnswer(issuer)
  await (answers ? noteProviderAnswer(db, issuer) : noteProviderSilence(db, issuer))
  return answers
}

/** Its discovery document may come from elsewhere than what names groups, so the token endpoint is asked as well. */
async function doesAnswer(issuer: string): Promise<boolean> {
  try {
    const { token_endpoint } = await createIdentityProvider(issuer).metadata()
    const { status } = await boundedFetch(token_endpoint, {}, bounds)
    return status < 500 && status !== 429
  } catch (error) {
    // An answer that nobody can sign in with is one all the same.
    const fault = providerFaultOf(error)
    return fault !== undefined && fault !== 'provider_unreachable'
  }
}
