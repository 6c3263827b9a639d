/**
 * Exchanges the provider's code for a verified ID token. Checks state, issuer of the response (RFC 9207, if the
 * provider announces it), code and PKCE, and the token's issuer, audience, authorized party, times, nonce, algorithm
 * and signature.
 */
import * as oauth from 'oauth4webapi'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { askAsClient, asking, parties, verifyIdToken } from './ask-provider.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { type Identity, parseIdentity } from './parse-identity.ts'

type CallbackInput = {
  params: URLSearchParams
  state: string
  nonce: string
  codeVerifier: string
  redirectUri: string
}

/** @throws Error that names the failed check */
export async function exchangeCode(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  callback: CallbackInput,
): Promise<{
  idToken: string
  accessToken: string
  expiresInSeconds?: number
  refreshToken?: string
  /** The claim `auth_time`, unparsed. */
  authTime: unknown
  /** null: the ID token lacks the claim of OIDC_SUBJECT_CLAIM, or its value is unusable */
  identity: Identity | null
}> {
  const { server, client } = parties(metadata, settings)
  const params = oauth.validateAuthResponse(server, client, callback.params, callback.state)
  const { redirectUri, codeVerifier, nonce } = callback
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
