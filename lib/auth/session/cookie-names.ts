import { parseCookie, stringifySetCookie } from 'cookie'

/**
 * On https the names carry the prefix `__Host-`: browsers then accept the cookies only with Secure, for `/` and without
 * a Domain, so that no other host can set them for us (RFC 6265bis, section 4.1.3.2).
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
    /** Whether the sign-in that is under way is to be a fresh one. It decides only what the person is told. */
    fresh: cookie('fresh', quarter),
    /** What a sign-out sent to the provider with the browser. */
    leaving: cookie('leaving', quarter),
  }
}

type Cookie = {
  name: string
  options: { httpOnly: boolean; sameSite: 'lax'; path: string; secure: boolean; maxAge?: number }
}

/** @param value null removes the cookie @returns a Set-Cookie header */
export const renderCookie = ({ name, options }: Cookie, value: string | null): string =>
  stringifySetCookie({ name, value: value ?? '', ...options, ...(value === null && { maxAge: 0 }) })

/** The cookies of a request, by name. */
export type RequestCookies = Readonly<Record<string, string | undefined>>

/** @returns the cookies of a Cookie header; if a name is there twice, the first (the more specific path comes first) */
export function parseCookies(header: string | null): RequestCookies {
  const cookies = parseCookie(header ?? '')
  // A browser may hold a cookie without a name; ours all have one.
  delete cookies['']
  return cookies
}
