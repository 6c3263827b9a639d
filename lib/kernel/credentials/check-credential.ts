/** The facts that decide whether a credential is valid. Instants in milliseconds since the epoch. */
export type CredentialFacts = { endsAt: number; revokedAt: number | null; deactivatedAt: number | null }

export type CredentialFault = 'revoked' | 'ended' | 'deactivated'

/**
 * Uses the caller's clock, so an end takes effect without a write.
 * @returns undefined when the credential is valid; the end is exclusive
 */
export function checkCredential(facts: CredentialFacts, now: number): CredentialFault | undefined {
  if (facts.deactivatedAt !== null) return 'deactivated'
  if (facts.revokedAt !== null) return 'revoked'
  if (now >= facts.endsAt) return 'ended'
  return undefined
}
