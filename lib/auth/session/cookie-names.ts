import { parseCookie, stringifySetCookie } from 'cookie'

/**
 * On https the names have the prefix `__Host-`: browsers accept these cookies only with Secure, for `/` and without a
 * Domain, so that no other host can set them (RFC 6265bis, section 4.1.3.2).
 */
export const cookiesFor = (origin: string) => {
  const secure = origin.startsWith('https:')
  const options = { httpOnly: true, sameSite: 'lax', path: '/', secure } as const
  const cookie = (name: string, maxAge?: number): Cookie => ({
    name: `${secure ? '__Host-' : ''}spaceport-${name}`,
    options: maxAge === undefined ? options : { ...options, maxAge },
  })
  const quarter = 15 * 60
  return {
    sessionToken: cookie('session'),
    callbackUrl: cookie('return', quarter),
    csrfToken: cookie('csrf'),
    pkceCodeVerifier: cookie('pkce', quarter),
    state: cookie('state', quarter),
    nonce: cookie('nonce', quarter),
    /** Whether the current sign-in should be a fresh one. It only decides which message the person gets. */
    fresh: cookie('fresh', quarter),
    /** The state of a sign-out at the provider. */
    leaving: cookie('leaving', quarter),
  }
}

type Cookie = {
  name: string
  options: { httpOnly: boolean; sameSite: 'lax'; path: string; secure: boolean; maxAge?: number }
}

/**
 * @param value null removes the cookie
 * @returns a Set-Cookie header
 */
export const renderCookie = ({ name, options }: Cookie, value: string | null): string =>
  stringifySetCookie({ name, value: value ?? '', ...options, ...(value === null && { maxAge: 0 }) })

export type RequestCookies = Readonly<Record<string, string | undefined>>

/** @returns the cookies of a Cookie header; of two with the same name, the first, which has the more specific path */
export function parseCookies(header: string | null): RequestCookies {
  const cookies = parseCookie(header ?? '')
  // A browser may send a cookie without a name; Spaceport's all have one.
  delete cookies['']
  return cookies
}
