/** What every request to the provider's token and userinfo endpoints needs. */
import { jwtVerify } from 'jose'
import * as oauth from 'oauth4webapi'
import { acceptedAlgorithms } from '#lib/domain/signing-algorithms.ts'
import type { AuthSettings } from './auth-settings.ts'
import { boundedFetch } from './bounded-fetch.ts'
import type { ProviderMetadata } from './identity-provider.ts'
import { providerKeys } from './provider-keys.ts'

/** Which endpoints may be plain http is decided where the discovery document is read. */
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

/** How we prove to the token endpoint who we are (RFC 6749, section 2.3.1). */
export function clientProof(metadata: ProviderMetadata, { clientSecret }: AuthSettings): oauth.ClientAuth {
  const methods = metadata.token_endpoint_auth_methods_supported
  const post = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post')
  return (post ? oauth.ClientSecretPost : oauth.ClientSecretBasic)(clientSecret)
}

/** @throws Error unless the provider signed the ID token, for us, with an accepted algorithm */
export async function verifyIdToken(idToken: string, metadata: ProviderMetadata, settings: AuthSettings) {
  const { issuer, jwks_uri } = metadata
  const { payload } = await jwtVerify(idToken, providerKeys(jwks_uri), {
    issuer,
    audience: settings.clientId,
    algorithms: algorithmsOf(metadata, settings),
    clockTolerance: 30,
  })
  return payload
}

const algorithmsOf = (metadata: ProviderMetadata, { algorithms }: AuthSettings): string[] =>
  acceptedAlgorithms(metadata.id_token_signing_alg_values_supported, algorithms)
