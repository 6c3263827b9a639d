import { deleteSession } from '../db/delete-session.ts'
import type { SignInError } from '../domain/sign-in-error.ts'
import { type AuthServices, type RequestOrigin, recordSession } from './auth-services.ts'
import { cookiesFor, parseCookies } from './cookie-names.ts'
import { goOn } from './go-on.ts'
import { isOwnForm } from './own-form.ts'
import { readForm, redirectTo } from './read-form.ts'
import { hashSessionToken } from './session-rules.ts'

/** What comes back from the provider after its own sign-out (its `state`), so that the page can say so. */
const signedOut = 'signed-out'

/**
 * `POST /api/auth/sign-out`: ends our session first, then sends the browser to end the provider's (OpenID Connect
 * RP-Initiated Logout 1.0, section 2), where it has an end point for that.
 */
export async function endSession(services: AuthServices, request: Request, origin: RequestOrigin): Promise<Response> {
  const { db, settings, log } = services
  const name = cookiesFor(settings.origin).sessionToken
  const cookies = parseCookies(request.headers.get('cookie'))
  const form = await readForm(request)
  if (!form || !isOwnForm(request, form, cookies, settings)) {
    const refused: SignInError = 'foreign_origin'
    return Response.json({ error: refused }, { status: 403, headers: { 'cache-control': 'no-store' } })
  }
  const token = cookies[name.name]
  const ended = token === undefined ? null : await deleteSession(db, hashSessionToken(token))
  if (ended) {
    const { id, handle, name: person } = ended.user
    // Whoever leaves is let go, also while the trail can't be written.
    await recordSession(services, origin, {
      action: 'session.sign-out',
      actor: { kind: 'user', id, handle, name: person },
      outcome: 'ok',
    }).catch((error: unknown) => log.error({ error, requestId: origin.requestId }, 'a sign-out is not in the trail'))
  }
  const gone = `${name.name}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax${name.options.secure ? '; Secure' : ''}`
  const there = await findProviderSignOut(services, ended?.idToken ?? null)
  if (!there) return redirectTo(`${settings.origin}/sign-in?state=${signedOut}`, [gone])
  return goOn(request, there, {
    title: 'You are signed out here, and being taken to the identity provider to sign out there.',
    link: 'Go on to the identity provider',
    cookies: [gone],
  })
}

async function findProviderSignOut({ provider, settings }: AuthServices, idToken: string | null): Promise<URL | null> {
  if (idToken === null) return null
  const endpoint = await provider.metadata().then(
    (metadata) => metadata.end_session_endpoint,
    () => undefined,
  )
  if (endpoint === undefined) return null
  const url = new URL(endpoint)
  url.searchParams.set('id_token_hint', idToken)
  url.searchParams.set('client_id', settings.clientId)
  url.searchParams.set('post_logout_redirect_uri', `${settings.origin}/sign-in`)
  url.searchParams.set('state', signedOut)
  return url
}
