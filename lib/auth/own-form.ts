import { createHash, timingSafeEqual } from 'node:crypto'
import type { AuthServices } from './auth-services.ts'
import { cookiesFor, type RequestCookies, renderCookie } from './cookie-names.ts'

/**
 * Whether one of our own forms was posted. Browsers prove it by Origin; a client that sends none (no current browser)
 * presents the token and cookie that it got from `GET /api/auth/csrf`.
 */
export function isOwnForm(
  request: Request,
  form: URLSearchParams,
  cookies: RequestCookies,
  settings: AuthServices['settings'],
): boolean {
  const origin = request.headers.get('origin')
  const site = request.headers.get('sec-fetch-site')
  if (site !== null && site !== 'same-origin') return false
  if (origin !== null) return origin === settings.origin
  const [token = '', hash = ''] = (cookies[cookiesFor(settings.origin).csrfToken.name] ?? '').split('|')
  const [given, expected] = [Buffer.from(hash), Buffer.from(csrfHash(token, settings.secret))]
  const same = given.length === expected.length && timingSafeEqual(given, expected)
  return same && token !== '' && form.get('csrfToken') === token
}

/** As next-auth creates and checks its own. */
const csrfHash = (token: string, secret: string) => createHash('sha256').update(`${token}${secret}`).digest('hex')

/** A pair as next-auth expects it. */
export function csrfPair({ randomBytes, settings }: AuthServices): { token: string; cookie: string } {
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
