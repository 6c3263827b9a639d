import type { AuthOptions } from 'next-auth'
import type { OAuthConfig } from 'next-auth/providers/oauth'
import { z } from 'zod'
import { parseAuthTime } from '#lib/auth/provider/auth-time.ts'
import { classifyFailure } from '#lib/auth/provider/classify-failure.ts'
import { collectClaims } from '#lib/auth/provider/collect-claims.ts'
import { exchangeCode } from '#lib/auth/provider/exchange-code.ts'
import { type ProviderMetadata, scopesFor } from '#lib/auth/provider/identity-provider.ts'
import { accessUntil } from '#lib/auth/provider/provider-tokens.ts'
import { graphFaultOf } from '#lib/auth/provider/read-graph-groups.ts'
import { cookiesFor } from '#lib/auth/session/cookie-names.ts'
import { accountId, admittedToken, sessionAdapter } from '#lib/auth/session/session-adapter.ts'
import { sessionLifetimeMs } from '#lib/auth/session/session-rules.ts'
import { admitPerson } from '#lib/auth/sign-in/admit-person.ts'
import { safeReturnUrl } from '#lib/auth/sign-in/safe-return-url.ts'
import { findSignInFlow, type SignInFlow, signInFlow } from '#lib/auth/sign-in/sign-in-flow.ts'
import { isFresh } from '#lib/kernel/model/people/fresh-sign-in.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import type { AuthServices } from './auth-services.ts'

type Profile = Record<string, unknown>

/**
 * The configuration of next-auth: one OpenID provider at a time, code flow with PKCE, state and nonce, sessions in
 * Postgres.
 * @param secret encrypts the cookies of this sign-in
 */
export function authOptions(services: AuthServices, metadata: ProviderMetadata, secret: string): AuthOptions {
  const { settings, log } = services
  return {
    providers: [oidcProvider(services, metadata)],
    adapter: sessionAdapter(),
    secret,
    useSecureCookies: settings.origin.startsWith('https:'),
    cookies: cookiesFor(settings.origin),
    session: {
      strategy: 'database',
      maxAge: sessionLifetimeMs / 1000,
      generateSessionToken: admittedToken,
    },
    callbacks: {
      redirect: async ({ url }) => safeReturnUrl(url, settings.origin),
      async signIn({ account, profile }) {
        const flow = signInFlow()
        try {
          const claims: Profile = { ...profile }
          const authenticatedAt = parseAuthTime(flow.authTime, services.clock())
          const failure =
            freshnessFault(flow, authenticatedAt, services.clock()) ??
            (await admitPerson(services, {
              authenticatedAt,
              issuer: metadata.issuer,
              claims,
              identity: flow.identity ?? null,
              sid: typeof claims.sid === 'string' ? claims.sid : null,
              idToken: account?.id_token ?? null,
              tokens: flow.tokens ? { ...flow.tokens, groupsFrom: flow.groupsFrom ?? null } : null,
            }))
          if (failure !== null) flow.failure = failure
        } catch (error) {
          log.error({ error, requestId: flow.origin.requestId }, 'sign-in failed unexpectedly')
          flow.failure = 'unavailable'
        }
        return flow.failure === undefined
      },
    },
    logger: {
      // The metadata may contain tokens, so only the kind of failure is logged.
      error(code, given) {
        const flow = findSignInFlow()
        const error = given instanceof Error ? given : given.error
        if (flow) flow.failure ??= classifyFailure(error)
        log.warn({ code, reason: error?.message, requestId: flow?.origin.requestId }, 'sign-in failed')
      },
      warn: (code) => log.debug({ code }, 'warning from next-auth'),
      debug: () => {},
    },
  }
}

/** Forces the provider to authenticate the person again and to send `auth_time` (section 3.1.2.1). */
const askFresh = { prompt: 'login', max_age: 0 }

/** @returns why an answer doesn’t count as a fresh sign-in; null: it does, or none was requested */
function freshnessFault(
  { wantsFresh, authTime }: SignInFlow,
  authenticatedAt: Date | null,
  now: Date,
): SignInError | null {
  if (!wantsFresh || isFresh(authenticatedAt, now)) return null
  return authTime === undefined ? 'auth_time_missing' : 'not_fresh'
}

function oidcProvider({ settings, log, clock }: AuthServices, metadata: ProviderMetadata): OAuthConfig<Profile> {
  /** next-auth passes on only an error's message, so note its kind first. */
  async function classifying<T>(asking: Promise<T>): Promise<T> {
    try {
      return await asking
    } catch (error) {
      const flow = signInFlow()
      flow.failure = classifyFailure(error)
      if (graphFaultOf(error) !== undefined)
        log.warn({ error, requestId: flow.origin.requestId }, 'could not read a person’s groups')
      if (flow.failure === 'wrong_issuer')
        log.error(issuersIn(error, metadata), 'the provider’s answer names another issuer')
      throw error
    }
  }
  return {
    id: settings.id,
    name: settings.name,
    type: 'oauth',
    issuer: metadata.issuer,
    clientId: settings.clientId,
    clientSecret: settings.clientSecret,
    authorization: {
      url: metadata.authorization_endpoint,
      params: { scope: scopesFor(settings.scopes, metadata), ...(findSignInFlow()?.wantsFresh && askFresh) },
    },
    token: {
      async request({ params, checks, provider }) {
        const query = Object.entries(params).filter((entry): entry is [string, string] => typeof entry[1] === 'string')
        const given = {
          params: new URLSearchParams(query),
          state: checks.state ?? '',
          nonce: ('nonce' in checks && checks.nonce) || '',
          codeVerifier: checks.code_verifier ?? '',
          redirectUri: provider.callbackUrl,
        }
        const { accessToken, idToken, refreshToken, expiresInSeconds, authTime, identity } = await classifying(
          exchangeCode(metadata, settings, given),
        )
        signInFlow().authTime = authTime
        signInFlow().identity = identity
        signInFlow().tokens = {
          refreshToken: refreshToken ?? null,
          accessToken,
          accessUntil: accessUntil(clock(), expiresInSeconds),
        }
        return { tokens: { access_token: accessToken, id_token: idToken } }
      },
    },
    idToken: true,
    checks: ['pkce', 'state', 'nonce'],
    userinfo: {
      /** Claims missing from the id_token (thin tokens) are fetched from the userinfo endpoint. */
      async request({ tokens }) {
        // `claims` is a method of openid-client's TokenSet; next-auth types it as a plain object.
        const claims = (tokens as typeof tokens & { claims(): Profile }).claims()
        const accessToken = tokens.access_token
        const collected = await classifying(collectClaims(metadata, settings, { claims, accessToken }))
        signInFlow().groupsFrom = collected.groupsFrom
        return { ...collected.claims }
      },
    },
    profile: (claims) => ({ id: accountId(metadata.issuer, String(claims.sub)) }),
  }
}

/** Both issuers, for the log; nothing else is taken from the token. */
function issuersIn(error: unknown, { issuer }: ProviderMetadata) {
  const claims = z.object({ cause: z.object({ claims: z.object({ iss: z.string() }) }) }).safeParse(error)
  return { expected: issuer, named: claims.success ? claims.data.cause.claims.iss : 'something other than text' }
}
