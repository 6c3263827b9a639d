import { type AuthServices, type RequestOrigin, recordSession } from '#lib/auth/auth-services.ts'
import { deleteSession, type EndedSession } from '#lib/auth/db/ended-sessions.ts'
import { servicesOfIssuer } from '#lib/auth/provider/choose-provider.ts'
import { openHint } from '#lib/auth/provider/encrypted-hint.ts'
import { continueTo } from '#lib/auth/sign-in/continue-to.ts'
import { isOwnForm } from '#lib/auth/sign-in/own-form.ts'
import { readForm, redirectTo } from '#lib/auth/sign-in/read-form.ts'
import { isBreakGlass } from '#lib/kernel/model/people/break-glass-account.ts'
import type { SignInError } from '#lib/kernel/model/people/sign-in-error.ts'
import type { SignOutOutcome } from '#lib/kernel/model/people/sign-out-outcome.ts'
import { cookiesFor, parseCookies, renderCookie } from './cookie-names.ts'
import { hasEnded, hashSessionToken } from './session-rules.ts'
import { openWithEither } from './session-secrets.ts'

/**
 * `POST /api/auth/sign-out`: ends the portal's session, then redirects to the provider's sign-out endpoint if it has
 * one (OpenID Connect RP-Initiated Logout 1.0, section 2). The sign-in page then shows which sessions ended.
 */
export async function endSession(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { settings, clock } = services
  const { sessionToken, leaving } = cookiesFor(settings.origin)
  const cookies = parseCookies(request.headers.get('cookie'))
  const form = await readForm(request)
  if (!form || !(await isOwnForm(request, form, cookies, settings))) {
    const refused: SignInError = 'foreign_origin'
    return Response.json({ error: refused }, { status: 403, headers: { 'cache-control': 'no-store' } })
  }
  const token = cookies[sessionToken.name]
  const ended = token === undefined ? null : await deleteSession(services, hashSessionToken(token))
  if (ended && !hasEnded(ended, clock())) await recordSignOut(services, origin, ended)
  const gone = renderCookie(sessionToken, null)
  const showOutcome = (outcome: SignOutOutcome) => redirectTo(`${settings.origin}/sign-in?state=${outcome}`, [gone])
  if (!ended) return showOutcome('already')
  // The break-glass account has no session at a provider, and a provider that is no longer configured gets no hint.
  const own = isBreakGlass(ended.user) ? null : servicesOfIssuer(services, ended.user.issuer)
  const there = own && (await providerSignOut(own, ended))
  if (!there) return showOutcome('here')
  return continueTo(request, there.url, {
    title: 'You are signed out of Spaceport. Continuing to the identity provider to sign out there.',
    link: 'Continue to the identity provider',
    cookies: [gone, renderCookie(leaving, there.state)],
  })
}

/** Sign-out works even if the trail is unavailable. */
async function recordSignOut(services: AuthServices, origin: RequestOrigin, { user }: EndedSession): Promise<void> {
  await recordSession(services, origin, {
    action: 'session.sign-out',
    actor: { kind: 'user', id: user.id, handle: user.handle, name: user.name },
    outcome: 'ok',
  }).catch((error: unknown) =>
    services.log.error({ error, requestId: origin.requestId }, 'could not record a sign-out in the trail'),
  )
}

/**
 * @returns the provider's sign-out URL, and the state that the browser must return; null: the provider has no sign-out
 */
async function providerSignOut(
  { provider, settings, randomBytes }: AuthServices,
  { idToken, providerSid }: EndedSession,
): Promise<{ url: URL; state: string } | null> {
  const endpoint = await provider.metadata().then(
    (metadata) => metadata.end_session_endpoint,
    () => undefined,
  )
  if (endpoint === undefined) return null
  const hint = await openWithEither(settings, (secret) => openHint(idToken, secret))
  const outcome: SignOutOutcome = hint === null ? 'asked' : 'both'
  const state = `${outcome}.${Buffer.from(randomBytes(16)).toString('base64url')}`
  const url = new URL(endpoint)
  // Without the hint, the provider asks the person to confirm.
  if (hint !== null) url.searchParams.set('id_token_hint', hint)
  else if (providerSid !== null) url.searchParams.set('logout_hint', providerSid)
  url.searchParams.set('client_id', settings.clientId)
  url.searchParams.set('post_logout_redirect_uri', `${settings.origin}/sign-in`)
  url.searchParams.set('state', state)
  return { url, state }
}
