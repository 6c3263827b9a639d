/**
 * On https the names carry the prefix `__Host-`: browsers then take the cookies only with Secure, for `/` and without a
 * Domain, so that no other host can set them for us (RFC 6265bis, section 4.1.3.2).
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
    /** What a sign-out left with for the provider. */
    leaving: cookie('leaving', quarter),
  }
}

type Cookie = {
  name: string
  options: { httpOnly: boolean; sameSite: 'lax'; path: string; secure: boolean; maxAge?: number }
}

/** @param value null takes the cookie away @returns a Set-Cookie header */
export function renderCookie({ name, options }: Cookie, value: string | null): string {
  const age = value === null ? 0 : options.maxAge
  return [
    `${name}=${encodeURIComponent(value ?? '')}`,
    `Path=${options.path}`,
    ...(age === undefined ? [] : [`Max-Age=${age}`]),
    'HttpOnly',
    'SameSite=Lax',
    ...(options.secure ? ['Secure'] : []),
  ].join('; ')
}

/** @returns the cookies of a Cookie header; of a name that is there twice, the first (the more exact path comes first) */
export function parseCookies(header: string | null): Record<string, string> {
  const cookies: Record<string, string> = Object.create(null)
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=')
    const name = part.slice(0, at).trim()
    if (at > 0 && name !== '' && cookies[name] === undefined) cookies[name] = decode(part.slice(at + 1).trim())
  }
  return cookies
}

function decode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
