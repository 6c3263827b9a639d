import 'server-only'
import { cookies, headers } from 'next/headers'
import { cookiesFor } from '#lib/auth/session/cookie-names.ts'
import { type LiveSession, readSession } from '#lib/auth/session/read-session.ts'
import { recheckSession } from '#lib/auth/session/recheck-session.ts'
import { authServices } from '#lib/web/process/auth-services.ts'
import { services } from '#lib/web/process/services.ts'
import { webConfig } from '#lib/web/process/web-config.ts'
import { isOwn } from './own-requests.ts'
import { requestOrigin } from './request-origin.ts'

/** A request without the process's own headers counts as signed out. */
async function readToken(): Promise<string | undefined> {
  const [received, jar] = await Promise.all([headers(), cookies()])
  return isOwn(received) ? jar.get(cookiesFor(webConfig().SPACEPORT_URL).sessionToken.name)?.value : undefined
}

/** The session of an action or a route handler; null: not signed in. */
export const currentSession = async (): Promise<LiveSession | null> =>
  recheckedIfDue(await readSession(await services(), await readToken()))

/** By a request's headers. A redirect renders the frame a second time, for which React's cache would be empty. */
const sessionsOfPages = new WeakMap<object, Promise<LiveSession | null>>()

/**
 * The session of a page and its frame, including the inbox count; one statement, once per HTTP request. null: not
 * signed in. Not for actions, after which the page is rendered in the same request.
 */
export async function pageSession(): Promise<LiveSession | null> {
  const request = await headers()
  const known = sessionsOfPages.get(request)
  if (known) return known
  const read = readToken()
    .then(async (token) => readSession(await services(), token, { count: true }))
    .then(recheckedIfDue)
  sessionsOfPages.set(request, read)
  return read
}

/** Asks the provider about the person again if that is due, without delaying the response. */
async function recheckedIfDue(session: LiveSession | null): Promise<LiveSession | null> {
  const { OIDC_RECHECK_MINUTES: minutes } = webConfig()
  if (!session?.recheckedAt || minutes === 0) return session
  const { clock, log } = await services()
  if (clock().getTime() - session.recheckedAt.getTime() < minutes * 60_000) return session
  const origin = requestOrigin(await headers())
  recheckSession(await authServices(), origin, session).catch((error: unknown) =>
    log.error({ error, requestId: origin.requestId }, 'could not check a session again'),
  )
  return session
}

/** Whether the browser has a cookie of an ended session; a sign-out removes the cookie. */
export async function hasEndedSession(): Promise<boolean> {
  return (await readToken()) !== undefined && (await pageSession()) === null
}

/**
 * For long-running work of a page: reads the session repeatedly without counting that as use.
 * @param count whether to count the person's inbox
 * @returns a function that reads the session again
 */
export async function watchedSession({ count = false } = {}): Promise<() => Promise<LiveSession | null>> {
  const [webServices, token] = [await services(), await readToken()]
  return () => readSession(webServices, token, { touch: false, count })
}
