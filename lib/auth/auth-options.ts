import type { AuthOptions } from 'next-auth'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { admitPerson } from './admit-person.ts'
import type { AuthServices } from './auth-services.ts'
import { classifyFailure } from './classify-failure.ts'
import { cookiesFor } from './cookie-names.ts'
import { type ProviderMetadata, scopesFor } from './identity-provider.ts'
import { safeReturnUrl } from './safe-return-url.ts'
import { accountId, sessionAdapter } from './session-adapter.ts'
import { sessionLifetimeMs } from './session-rules.ts'
import { findSignInFlow, signInFlow } from './sign-in-flow.ts'

type Profile = Record<string, unknown>

/** How next-auth is to work: one OpenID provider, code flow with PKCE, state and nonce, sessions in our database. */
export function authOptions(services: AuthServices, metadata: ProviderMetadata): AuthOptions {
  const { settings, randomBytes, log } = services
  return {
    providers: [oidcProvider(services, metadata)],
    adapter: sessionAdapter(services),
    secret: settings.secret,
    useSecureCookies: settings.origin.startsWith('https:'),
    cookies: cookiesFor(settings.origin),
    session: {
      strategy: 'database',
      maxAge: sessionLifetimeMs / 1000,
      generateSessionToken: () => Buffer.from(randomBytes(32)).toString('base64url'),
    },
    callbacks: {
      redirect: async ({ url }) => safeReturnUrl(url, settings.origin),
      async signIn({ account, profile }) {
        const flow = signInFlow()
        try {
          const claims: Profile = { ...profile }
          const failure = await admitPerson(services, {
            issuer: metadata.issuer,
            claims,
            sid: typeof claims.sid === 'string' ? claims.sid : null,
            idToken: account?.id_token ?? null,
          })
          if (failure !== null) flow.failure = failure
        } catch (error) {
          log.error({ error, requestId: flow.origin.requestId }, 'a sign-in failed unexpectedly')
          flow.failure = 'unavailable'
        }
        return flow.failure === undefined
      },
    },
    logger: {
      // The metadata may hold tokens: only what kind of failure it is gets out.
      error(code, given) {
        const flow = findSignInFlow()
        const error = given instanceof Error ? given : given.error
        if (flow) flow.failure ??= classifyFailure(error)
        log.warn({ code, reason: error?.message, requestId: flow?.origin.requestId }, 'a sign-in failed')
      },
      warn: (code) => log.debug({ code }, 'next-auth warns'),
      debug: () => {},
    },
  }
}

function oidcProvider({ settings }: AuthServices, metadata: ProviderMetadata): OAuthConfig<Profile> {
  const methods = metadata.token_endpoint_auth_methods_supported
  const post = methods?.includes('client_secret_basic') === false && methods.includes('client_secret_post')
  const algorithms = metadata.id_token_signing_alg_values_supported?.filter((name) => /^(RS|PS|ES|EdDSA)/.test(name))
  return {
    id: 'oidc',
    name: 'Single sign-on',
    type: 'oauth',
    issuer: metadata.issuer,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: { url: metadata.authorization_endpoint, params: { scope: scopesFor(settings.scopes, metadata) } },
    token: { url: metadata.token_endpoint },
    jwks_endpoint: metadata.jwks_uri,
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    httpOptions: { timeout: 10_000 },
    client: {
      token_endpoint_auth_method: post ? 'client_secret_post' : 'client_secret_basic',
      id_token_signed_response_alg: algorithms?.includes('RS256') === false ? (algorithms[0] ?? 'RS256') : 'RS256',
    },
    userinfo: {
      ...(metadata.userinfo_endpoint !== undefined && { url: metadata.userinfo_endpoint }),
      /** The id_token's claims; what it leaves out is asked for at the userinfo endpoint (thin tokens). */
      async request({ client, tokens }) {
        // `claims` is a method of openid-client's TokenSet, which next-auth types as a plain object.
        const claims = (tokens as typeof tokens & { claims(): Profile }).claims()
        const thin = [settings.groupsClaim, 'name', 'email'].some((name) => !Object.hasOwn(claims, name))
        if (!thin || metadata.userinfo_endpoint === undefined || tokens.access_token === undefined) return claims
        // openid-client refuses an answer about another subject (OpenID Connect Core 1.0, section 5.3.2).
        return { ...(await client.userinfo(tokens.access_token)), ...claims }
      },
    },
    profile: (claims) => ({ id: accountId(metadata.issuer, String(claims.sub)) }),
  }
}
