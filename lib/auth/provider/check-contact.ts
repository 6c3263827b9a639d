/**
 * Checks whether an identity provider answers at all: while it doesn't, its last confirmation of people's groups stays
 * valid for longer. A user's own session or sign-in must never affect the result, so the check contains nothing about a
 * person, and several in a row must fail.
 */
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { claimContact, noteProviderAnswer, noteProviderSilence } from '#lib/auth/db/contact.ts'
import { boundedFetch } from './bounded-fetch.ts'
import { createIdentityProvider, providerFaultOf } from './identity-provider.ts'

/** The interval between checks, for all web processes together. */
export const contactEveryMs = 60_000
/** Timers aren't exact. */
const earlyMs = 5_000
const bounds = { timeoutMs: 5_000, maxBytes: 200_000 }

/**
 * @param issuer without trailing slashes
 * @returns whether the provider answered; null: another process has just checked
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

/** Another server may host the discovery document, so the token endpoint is checked as well. */
async function doesAnswer(issuer: string): Promise<boolean> {
  try {
    const { token_endpoint } = await createIdentityProvider(issuer).metadata()
    const { status } = await boundedFetch(token_endpoint, {}, bounds)
    return status < 500 && status !== 429
  } catch (error) {
    // An unusable answer is still an answer.
    const fault = providerFaultOf(error)
    return fault !== undefined && fault !== 'provider_unreachable'
  }
}
