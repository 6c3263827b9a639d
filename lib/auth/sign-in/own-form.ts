import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthServices } from '#lib/auth/auth-services.ts'
import { cookiesFor, type RequestCookies, renderCookie } from '#lib/auth/session/cookie-names.ts'
import { openWithEither } from '#lib/auth/session/session-secrets.ts'

/**
 * Whether one of the portal's own forms was submitted. Browsers prove it with Origin; a client without one (no current
 * browser) sends the token and cookie from `GET /api/auth/csrf`.
 */
export async function isOwnForm(
  request: Request,
  form: URLSearchParams,
  cookies: RequestCookies,
  settings: AuthServices['settings'],
): Promise<boolean> {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  if (origin !== null) return origin === settings.origin
  const [token = '', hash = ''] = (cookies[cookiesFor(settings.origin).csrfToken.name] ?? '').split('|')
  if (token === '' || form.get('csrfToken') !== token) return false
  const given = Buffer.from(hash)
  const proved = await openWithEither(settings, (secret) => {
    const expected = Buffer.from(csrfHash(token, secret))
    return given.length === expected.length && timingSafeEqual(given, expected) ? true : null
  })
  return proved === true
}

/** The same scheme as next-auth's own. */
const csrfHash = (token: string, secret: string) => createHash('sha256').update(`${token}${secret}`).digest('hex')

/** A token and cookie in next-auth's format. */
export function csrfPair({ randomBytes, settings }: Pick<AuthServices, 'randomBytes' | 'settings'>): {
  token: string
  cookie: string
} {
  const token = Buffer.from(randomBytes(32)).toString('hex')
  return { token, cookie: `${token}|${csrfHash(token, settings.secret)}` }
}

/** `GET /api/auth/csrf`: for clients that are not browsers. */
export async function answerCsrfToken(services: AuthServices): Promise<Response> {
  const { token, cookie } = csrfPair(services)
  const { csrfToken } = cookiesFor(services.settings.origin)
  return Response.json(
    { csrfToken: token },
    { headers: { 'cache-control': 'no-store', 'set-cookie': renderCookie(csrfToken, cookie) } },
  )
}
