/**
 * What an identity provider may sign with (RFC 7518, section 3.1; RFC 8037, RFC 9864). None with a shared secret, and
 * never `none`.
 */
export const signingAlgorithms = [
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
] as const

/**
 * @param offered what the discovery document lists; without a list the default of OpenID Connect counts, RS256
 * @param allowed OIDC_ALGORITHMS; empty: all that we know
 * @returns which signatures are accepted
 */
export function acceptedAlgorithms(offered: readonly string[] | undefined, allowed: readonly string[]): string[] {
  return signingAlgorithms.filter(
    (name) => (offered ?? ['RS256']).includes(name) && (allowed.length === 0 || allowed.includes(name)),
  )
}
