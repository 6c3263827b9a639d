/**
 * The two doors of signing in: where it is begun, and where the provider sends people back to. What must never get
 * through: a start from another site, an answer that this browser did not ask for, a return to anywhere but our own pages,
 * and a session for anybody whom the provider did not vouch for or whom we have deactivated.
 */
import type { SignInError } from '../domain/sign-in-error.ts'
import { signIns } from '../observability/metrics.ts'
import { authOptions } from './auth-options.ts'
import { type AuthServices, type RequestOrigin, recordSession } from './auth-services.ts'
import { classifyProviderError } from './classify-failure.ts'
import { cookiesFor, parseCookies } from './cookie-names.ts'
import { goOn, goOnPage } from './go-on.ts'
import { type ProviderFault, type ProviderMetadata, providerFaultOf, readProvider } from './identity-provider.ts'
import { csrfPair, isOwnForm } from './own-form.ts'
import { readForm, redirectTo } from './read-form.ts'
import { runNextAuth } from './run-next-auth.ts'
import { safeReturnUrl } from './safe-return-url.ts'
import { type SignInFlow, withSignInFlow } from './sign-in-flow.ts'

/** `POST /api/auth/signin/oidc`: sends the browser to the provider. A form of ours posts here, with or without script. */
export async function beginSignIn(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { settings, limits } = services
  const form = await readForm(request)
  const returnTo = safeReturnUrl(form?.get('callbackUrl'), settings.origin)
  const fail = (error: SignInError) => refuse(services, origin, error, returnTo)
  const cookies = parseCookies(request.headers.get('cookie'))
  if (!form || !isOwnForm(request, form, cookies, settings)) {
    if (await limits.isBlocked('foreign-form', origin.sourceAddress)) return fail('rate_limited')
    await limits.fail('foreign-form', origin.sourceAddress)
    return fail('foreign_origin')
  }
  if (!(await limits.begin(origin.sourceAddress))) return fail('rate_limited')
  const metadata = await findMetadata(services)
  if (typeof metadata === 'string') return fail(metadata)
  const csrf = csrfPair(services)
  const flow: SignInFlow = { origin, oldToken: undefined }
  const response = await withSignInFlow(flow, () =>
    runNextAuth(authOptions(services, metadata), {
      action: ['signin', 'oidc'],
      method: 'POST',
      query: {},
      body: { csrfToken: csrf.token, callbackUrl: returnTo },
      cookies: { [cookiesFor(settings.origin).csrfToken.name]: csrf.cookie },
    }),
  )
  const to = response.headers.get('location') ?? ''
  if (!isAt(to, metadata.authorization_endpoint)) return fail(flow.failure ?? 'unavailable')
  return goOn(request, new URL(to), {
    title: 'You are being taken to the identity provider.',
    link: 'Go on to the identity provider',
    cookies: response.headers.getSetCookie(),
  })
}

/** `GET /api/auth/callback/oidc`: takes the provider's answer, and begins a session. */
export async function finishSignIn(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { settings, limits } = services
  const names = cookiesFor(settings.origin)
  const cookies = parseCookies(request.headers.get('cookie'))
  const query = new URL(request.url).searchParams
  const returnTo = safeReturnUrl(cookies[names.callbackUrl.name], settings.origin)
  const kind = cookies[names.state.name] === undefined ? 'unasked' : 'sign-in'
  const fail = async (error: SignInError) => {
    await limits.fail(kind, origin.sourceAddress)
    return refuse(services, origin, error, returnTo)
  }
  if (await limits.isBlocked(kind, origin.sourceAddress)) return refuse(services, origin, 'rate_limited', returnTo)
  const refused = query.get('error')
  if (refused !== null) return fail(classifyProviderError(refused))
  const metadata = await findMetadata(services)
  if (typeof metadata === 'string') return fail(metadata)
  const flow: SignInFlow = { origin, oldToken: cookies[names.sessionToken.name] }
  const passed = [names.state.name, names.nonce.name, names.pkceCodeVerifier.name]
  const response = await withSignInFlow(flow, () =>
    runNextAuth(authOptions(services, metadata), {
      action: ['callback', 'oidc'],
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
  if (!flow.admitted || !begun) return fail(flow.failure ?? 'unavailable')
  signIns.inc({ result: 'ok' })
  return redirectTo(returnTo, response.headers.getSetCookie())
}

/** An own answer for a sign-in that came to nothing: back to the sign-in page, which says why. */
async function refuse(
  services: AuthServices,
  origin: RequestOrigin,
  error: SignInError,
  returnTo: string,
): Promise<Response> {
  const { settings, log } = services
  signIns.inc({ result: error })
  // What is limited must not fill the trail, and what named the person is there already (admit-person.ts).
  if (error !== 'rate_limited' && error !== 'deactivated') {
    const event = {
      action: 'session.sign-in',
      actor: { kind: 'anonymous' },
      outcome: 'refused',
      reason: error,
    } as const
    await recordSession(services, origin, event).catch((failure: unknown) => {
      log.error({ error: failure, requestId: origin.requestId }, 'a refused sign-in could not be written to the trail')
    })
  }
  const page = new URL('/sign-in', settings.origin)
  page.searchParams.set('error', error)
  if (returnTo !== `${settings.origin}/`) page.searchParams.set('callbackUrl', returnTo.slice(settings.origin.length))
  const status = error === 'rate_limited' ? 429 : error === 'foreign_origin' ? 403 : 303
  if (status === 303) return redirectTo(page.href, [])
  // A browser follows no redirect with these: the page goes there by itself.
  return goOnPage(page, {
    status,
    title: 'This sign-in was refused.',
    link: 'Back to the sign-in page',
    ...(status === 429 && { headers: { 'retry-after': '60' } }),
  })
}

/** @returns what is wrong with the provider, if anything is */
async function findMetadata({ provider, settings, log }: AuthServices): Promise<ProviderMetadata | ProviderFault> {
  try {
    return await readProvider(provider, settings.algorithms)
  } catch (error) {
    log.error({ error }, 'nobody can sign in: the identity provider cannot be used')
    return providerFaultOf(error) ?? 'provider_unreachable'
  }
}

function isAt(url: string, endpoint: string): boolean {
  const [given, expected] = [URL.parse(url), new URL(endpoint)]
  return given?.origin === expected.origin && given.pathname === expected.pathname
}
