/**
 * The algorithms that an identity provider may sign with (RFC 7518, section 3.1; RFC 8037, RFC 9864). Never `none`, and
 * none with a shared secret.
 */
export const signingAlgorithms = [
  ...['RS256', 'RS384', 'RS512'],
  ...['PS256', 'PS384', 'PS512'],
  ...['ES256', 'ES384', 'ES512'],
  ...['EdDSA', 'Ed25519'],
] as const

/**
 * @param offered list from the discovery document; undefined: RS256, OpenID Connect's default
 * @param allowed OIDC_ALGORITHMS; empty: all supported ones
 */
export function acceptedAlgorithms(offered: readonly string[] | undefined, allowed: readonly string[]): string[] {
  return signingAlgorithms.filter(
    (name) => (offered ?? ['RS256']).includes(name) && (allowed.length === 0 || allowed.includes(name)),
  )
}
