/**
 * Turns the provider's answer into a proven ID token: state, issuer of the answer (RFC 9207, if the provider announces
 * it), code and PKCE; and of the token issuer, audience, authorized party, times, nonce, algorithm, signature.
 */
import { jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { acceptedAlgorithms } from '#lib/domain/signing-algorithms.ts'
import type { AuthSettings } from './auth-settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { providerKeys } from './provider-keys.ts'

/** Which endpoints may be plain http is decided where the discovery document is read. */
const asking = { [oauth.customFetch]: boundedFetch, [oauth.allowInsecureRequests]: true }

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
): Promise<{ accessToken: string; idToken: string }> {
  const algorithms = acceptedAlgorithms(metadata.id_token_signing_alg_values_supported, settings.algorithms)
  const { server, client } = parties(metadata, settings, algorithms)
  const methods = metadata.token_endpoint_auth_methods_supported
  const post = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post')
  const proof = (post ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(settings.clientSecret)
  const params = oauth.validateAuthResponse(server, client, given.params, given.state)
  const { redirectUri, codeVerifier, nonce } = given
  const grant = await oauth.authorizationCodeGrantRequest(
    ...([server, client, proof, params, redirectUri, codeVerifier, asking] as const),
  )
  const tokens = await oauth.processAuthorizationCodeResponse(server, client, grant, {
    expectedNonce: nonce,
    requireIdToken: true,
  })
  const idToken = tokens.id_token ?? ''
  const { issuer, jwks_uri } = metadata
  await jwtVerify(idToken, providerKeys(jwks_uri), {
    issuer,
    audience: settings.clientId,
    algorithms,
    clockTolerance: 30,
  })
  return { accessToken: tokens.access_token, idToken }
}

/** @returns what the userinfo endpoint says, about the same subject (OpenID Connect Core 1.0, section 5.3.2) */
export async function readUserinfo(
  metadata: ProviderMetadata,
  settings: AuthSettings,
  { accessToken, subject }: { accessToken: string; subject: string },
): Promise<Record<string, unknown>> {
  const { server, client } = parties(metadata, settings, [])
  const response = await oauth.userInfoRequest(server, client, accessToken, asking)
  return oauth.processUserInfoResponse(server, client, subject, response)
}

function parties(metadata: ProviderMetadata, { clientId }: AuthSettings, algorithms: string[]) {
  const { userinfo_endpoint, ...rest } = metadata
  const server: oauth.AuthorizationServer = {
    issuer: rest.issuer,
    token_endpoint: rest.token_endpoint,
    id_token_signing_alg_values_supported: algorithms,
    ...(rest.authorization_response_iss_parameter_supported && {
      authorization_response_iss_parameter_supported: true,
    }),
    ...(userinfo_endpoint !== undefined && { userinfo_endpoint }),
  }
  return { server, client: { client_id: clientId } satisfies oauth.Client }
}
