/**
 * Turns the provider's answer into a proven ID token: state, issuer of the answer (RFC 9207, if the provider announces
 * it), code and PKCE; and of the token issuer, audience, authorized party, times, nonce, algorithm, signature.
 */
import * as oauth from 'oauth4webapi'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { askAsClient, asking, parties, verifyIdToken } from './ask-provider.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { type Identity, parseIdentity } from './parse-identity.ts'

type Given = {
  /** The query of the callback. */
  params: URLSearchParams
  state: string
  nonce: string
  codeVerifier: string
  redirectUri: string
}

/** @throws Error that says which of the proofs failed */
export async function exchangeCode(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  given: Given,
): Promise<{
  idToken: string
  accessToken: string
  expiresInSeconds?: number
  refreshToken?: string
  /** The claim `auth_time`, as it is. */
  authTime: unknown
  /** null: the ID token lacks the claim of OIDC_SUBJECT_CLAIM, or it can’t be used */
  identity: Identity | null
}> {
  const { server, client } = parties(metadata, settings)
  const params = oauth.validateAuthResponse(server, client, given.params, given.state)
  const { redirectUri, codeVerifier, nonce } = given
  const tokens = await askAsClient(metadata, settings, async (proof) => {
    const grant = await oauth.authorizationCodeGrantRequest(
      ...([server, client, proof, params, redirectUri, codeVerifier, asking] as const),
    )
    return oauth.processAuthorizationCodeResponse(server, client, grant, { expectedNonce: nonce, requireIdToken: true })
  })
  const idToken = tokens.id_token ?? ''
  const verified = await verifyIdToken(idToken, metadata, settings)
  return {
    idToken,
    authTime: verified.auth_time,
    identity: parseIdentity(verified, settings.subjectClaim),
    accessToken: tokens.access_token,
    ...(tokens.expires_in !== undefined && { expiresInSeconds: tokens.expires_in }),
    ...(tokens.refresh_token !== undefined && { refreshToken: tokens.refresh_token }),
  }
}
