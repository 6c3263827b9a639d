/**
 * The start of a sign-in, and the provider's callback. They must never accept a start from another site, an answer that
 * this browser didn't request, or a return URL outside of the portal. They must never give a session to a person who
 * isn't confirmed by the provider, is refused by the operator's limits, or is deactivated.
 */

import { decode } from 'next-auth/jwt'
import { authOptions } from '#lib/auth/auth-options.ts'
import { type AuthServices, type RequestOrigin, recordSession } from '#lib/auth/auth-services.ts'
import type { AuthSettings } from '#lib/auth/auth-settings.ts'
import { classifyProviderError } from '#lib/auth/provider/classify-failure.ts'
import {
  type ProviderFault,
  type ProviderMetadata,
  providerFaultOf,
  readProvider,
} from '#lib/auth/provider/identity-provider.ts'
import { cookiesFor, parseCookies, type RequestCookies, renderCookie } from '#lib/auth/session/cookie-names.ts'
import { openWithEither } from '#lib/auth/session/session-secrets.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import { isSignInRefusal } from '#lib/kernel/model/people/sign-in-limit.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { continuePage, continueTo } from './continue-to.ts'
import { csrfPair, isOwnForm } from './own-form.ts'
import { readForm, redirectTo } from './read-form.ts'
import { runNextAuth } from './run-next-auth.ts'
import { safeReturnUrl } from './safe-return-url.ts'
import { type SignInFlow, withSignInFlow } from './sign-in-flow.ts'
import type { SignInFailure } from './sign-in-limits.ts'

/**
 * `POST /api/auth/signin/{id}`: sends the browser to a provider. Called by the portal's own form, with or without
 * script.
 */
export async function beginSignIn(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { settings, limits } = services
  const form = await readForm(request)
  const returnTo = safeReturnUrl(form?.get('callbackUrl'), settings.origin)
  const fail = failWith(services, origin, returnTo)
  const cookies = parseCookies(request.headers.get('cookie'))
  if (!form || !(await isOwnForm(request, form, cookies, settings))) {
    const blocked = await limits.isBlocked('foreign-form', origin.sourceAddress)
    return blocked ? redirectToSignIn(settings, 'rate_limited', returnTo) : fail('foreign-form', 'foreign_origin')
  }
  const metadata = await findMetadata(services)
  if (typeof metadata === 'string') return fail('sign-in', metadata)
  const csrf = csrfPair(services)
  const wantsFresh = form.get('fresh') === '1'
  const flow: SignInFlow = { origin, oldToken: undefined, wantsFresh }
  const response = await withSignInFlow(flow, () =>
    runNextAuth(authOptions(services, metadata, settings.secret), {
      action: ['signin', settings.id],
      method: 'POST',
      query: {},
      body: { csrfToken: csrf.token, callbackUrl: returnTo },
      cookies: { [cookiesFor(settings.origin).csrfToken.name]: csrf.cookie },
    }),
  )
  const to = response.headers.get('location') ?? ''
  if (!isAt(to, metadata.authorization_endpoint)) return fail('sign-in', flow.failure ?? 'unavailable')
  return continueTo(request, new URL(to), {
    title: 'Continuing to the identity provider.',
    link: 'Continue to the identity provider',
    cookies: [
      ...response.headers.getSetCookie(),
      renderCookie(cookiesFor(settings.origin).fresh, wantsFresh ? '1' : null),
    ],
  })
}

/** `GET /api/auth/callback/{id}`: takes a provider's answer and begins a session. */
export async function finishSignIn(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { settings, limits } = services
  const names = cookiesFor(settings.origin)
  const cookies = parseCookies(request.headers.get('cookie'))
  const query = new URL(request.url).searchParams
  const returnTo = safeReturnUrl(cookies[names.callbackUrl.name], settings.origin)
  const fail = failWith(services, origin, returnTo)
  const refused = query.get('error')
  const secret = await findPendingSignIn(services, cookies)
  if (secret === null) {
    if (await limits.isBlocked('unasked', origin.sourceAddress))
      return redirectToSignIn(settings, 'rate_limited', returnTo)
    return fail('unasked', refused === null ? 'sign_in_expired' : classifyProviderError(refused))
  }
  if (refused !== null) return fail('sign-in', classifyProviderError(refused))
  const metadata = await findMetadata(services)
  if (typeof metadata === 'string') return fail('sign-in', metadata)
  const flow: SignInFlow = {
    origin,
    oldToken: cookies[names.sessionToken.name],
    wantsFresh: cookies[names.fresh.name] === '1',
  }
  const passed = [names.state.name, names.nonce.name, names.pkceCodeVerifier.name]
  const response = await withSignInFlow(flow, () =>
    runNextAuth(authOptions(services, metadata, secret), {
      action: ['callback', settings.id],
      method: 'GET',
      query: Object.fromEntries(
        ['code', 'state', 'iss', 'session_state'].flatMap((name) => {
          const value = query.get(name)
          return value === null ? [] : [[name, value]]
        }),
      ),
      body: {},
      cookies: {
        [names.callbackUrl.name]: returnTo,
        ...Object.fromEntries(passed.flatMap((name) => (cookies[name] === undefined ? [] : [[name, cookies[name]]]))),
      },
    }),
  )
  const begun = response.headers.getSetCookie().some((cookie) => cookie.startsWith(`${names.sessionToken.name}=`))
  if (!flow.admitted || !begun) {
    const error = flow.failure ?? 'unavailable'
    const isStranger = isSignInRefusal(error) && !flow.isRecorded
    return fail(isStranger ? 'stranger' : 'sign-in', error, flow.isRecorded)
  }
  metrics().signIns.inc({ result: 'ok' })
  return redirectTo(returnTo, response.headers.getSetCookie())
}

/** Counts a failed sign-in, records it in the trail (the first of many), and leads back to the sign-in page. */
const failWith =
  (services: AuthServices, origin: RequestOrigin, returnTo: string) =>
  async (kind: SignInFailure, error: SignInError, isRecorded = false): Promise<Response> => {
    const { settings, limits, log } = services
    const isAmongFirst = await limits.fail(kind, origin.sourceAddress)
    if (isAmongFirst && !isRecorded) {
      const event = {
        action: 'session.sign-in',
        actor: { kind: 'anonymous' },
        outcome: 'refused',
        reason: error,
        ...(settings.id !== mainProviderId && { detail: { provider: settings.id } }),
      } as const
      await recordSession(services, origin, event).catch((failure: unknown) => {
        log.error({ error: failure, requestId: origin.requestId }, 'could not record a refused sign-in in the trail')
      })
    }
    return redirectToSignIn(settings, error, returnTo)
  }

/** Leads back to the sign-in page, which shows the reason. */
function redirectToSignIn(settings: AuthSettings, error: SignInError, returnTo: string): Response {
  metrics().signIns.inc({ result: error })
  const page = new URL('/sign-in', settings.origin)
  page.searchParams.set('error', error)
  if (returnTo !== `${settings.origin}/`) page.searchParams.set('callbackUrl', returnTo.slice(settings.origin.length))
  const status = error === 'rate_limited' ? 429 : error === 'foreign_origin' ? 403 : 303
  if (status === 303) return redirectTo(page.href, [])
  // Browsers follow no redirect with these statuses, so a page continues to the URL.
  return continuePage(page, {
    status,
    title: 'This sign-in was refused.',
    link: 'Back to the sign-in page',
    ...(status === 429 && { headers: { 'retry-after': '60' } }),
  })
}

/** @returns the provider's metadata, or its fault */
async function findMetadata({ provider, settings, log }: AuthServices): Promise<ProviderMetadata | ProviderFault> {
  try {
    return await readProvider(provider, settings.algorithms)
  } catch (error) {
    log.error({ error, provider: settings.id }, 'no one can sign in: the identity provider is unusable')
    return providerFaultOf(error) ?? 'provider_unreachable'
  }
}

function isAt(url: string, endpoint: string): boolean {
  const [given, expected] = [URL.parse(url), new URL(endpoint)]
  return given?.origin === expected.origin && given.pathname === expected.pathname
}

/** @returns the secret that encrypted the browser's unexpired sign-in at this provider; null: there is none */
async function findPendingSignIn(
  { settings }: Pick<AuthServices, 'settings'>,
  cookies: RequestCookies,
): Promise<string | null> {
  const { name } = cookiesFor(settings.origin).state
  const token = cookies[name]
  if (token === undefined) return null
  return openWithEither(settings, async (secret) => {
    try {
      const state = await decode({ token, secret, salt: name })
      return typeof state?.value === 'string' && state.provider === settings.id ? secret : null
    } catch {
      return null
    }
  })
}
