import { type JWTPayload, jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { acceptedAlgorithms } from '#lib/auth/model/signing-algorithms.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { boundedFetch } from './bounded-fetch.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { providerKeys } from './provider-keys.ts'

/** The code that reads the discovery document decides which endpoints may use plain http. */
export const asking = { [oauth.customFetch]: boundedFetch, [oauth.allowInsecureRequests]: true }

export function parties(metadata: ProviderMetadata, settings: AuthSettings) {
  const { userinfo_endpoint, ...rest } = metadata
  const server: oauth.AuthorizationServer = {
    issuer: rest.issuer,
    token_endpoint: rest.token_endpoint,
    id_token_signing_alg_values_supported: algorithmsOf(metadata, settings),
    ...(rest.authorization_response_iss_parameter_supported && {
      authorization_response_iss_parameter_supported: true,
    }),
    ...(userinfo_endpoint !== undefined && { userinfo_endpoint }),
  }
  return { server, client: { client_id: settings.clientId } satisfies oauth.Client }
}

/**
 * Calls the token endpoint with client authentication (RFC 6749, section 2.3.1). If the provider refuses the client,
 * retries with the other secret; that refusal doesn't use up a code or refresh token.
 */
export async function askAsClient<T>(
  metadata: ProviderMetadata,
  { clientSecret, otherClientSecret }: AuthSettings,
  ask: (proof: oauth.ClientAuth) => Promise<T>,
): Promise<T> {
  const noted = (value: 'current' | 'other') => metrics().secretUses.inc({ secret: 'oidc-client', value })
  try {
    const answer = await ask(proofOf(metadata, clientSecret))
    noted('current')
    return answer
  } catch (error) {
    if (otherClientSecret === null || !isClientRefused(error)) throw error
  }
  const answer = await ask(proofOf(metadata, otherClientSecret))
  noted('other')
  return answer
}

/** RFC 6749, section 5.2; some providers send unauthorized_client. A challenge, if present, hides the body. */
const isClientRefused = (error: unknown): boolean =>
  (error instanceof oauth.ResponseBodyError && /^(invalid|unauthorized)_client$/.test(error.error)) ||
  (error instanceof oauth.WWWAuthenticateChallengeError && error.status === 401)

function proofOf(metadata: ProviderMetadata, clientSecret: string): oauth.ClientAuth {
  const methods = metadata.token_endpoint_auth_methods_supported
  const post = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post')
  return (post ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(clientSecret)
}

/** @throws Error unless the provider signed the ID token with an accepted algorithm, and issued it to this client */
export async function verifyIdToken(idToken: string, metadata: ProviderMetadata, settings: AuthSettings) {
  const { issuer, jwks_uri } = metadata
  const { payload } = await jwtVerify(idToken, providerKeys(jwks_uri), {
    issuer,
    audience: settings.clientId,
    algorithms: algorithmsOf(metadata, settings),
    clockTolerance: 30,
  })
  assertIssuedToUs(payload, settings)
  return payload
}

/**
 * OpenID Connect Core 1.0, section 3.1.3.7, steps 4 and 5: if a token has an authorized party, it must be this client.
 * A token with several audiences must have one.
 * @throws Error if the token was issued to another client
 */
export function assertIssuedToUs({ azp, aud }: JWTPayload, { clientId }: Pick<AuthSettings, 'clientId'>): void {
  if (azp === undefined ? Array.isArray(aud) && aud.length > 1 : azp !== clientId)
    throw new Error('unexpected "azp" (authorized party) claim value')
}

const algorithmsOf = (metadata: ProviderMetadata, { algorithms }: AuthSettings): string[] =>
  acceptedAlgorithms(metadata.id_token_signing_alg_values_supported, algorithms)
