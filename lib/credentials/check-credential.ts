/** What decides whether a credential counts. Instants in milliseconds since the epoch. */
export type CredentialFacts = { endsAt: number; revokedAt: number | null; deactivatedAt: number | null }

/** Why a credential that we know does not count. */
export type CredentialFault = 'revoked' | 'ended' | 'deactivated'

/**
 * By the caller's clock, so that an end needs nobody to write it.
 * @returns undefined when the credential counts at that instant; the end itself is outside
 */
export function checkCredential(facts: CredentialFacts, now: number): CredentialFault | undefined {
  if (facts.deactivatedAt !== null) return 'deactivated'
  if (facts.revokedAt !== null) return 'revoked'
  if (now >= facts.endsAt) return 'ended'
  return undefined
}
