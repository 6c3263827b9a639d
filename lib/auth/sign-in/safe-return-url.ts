// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop some of these, so that "/\t/evil" becomes "//evil"
const suspicious = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/

/**
 * Refuses what browsers repair silently (backslashes, control characters, blanks), then parses as a browser would
 * (WHATWG URL).
 * @param wanted from the request; can be anything
 * @param origin SPACEPORT_URL
 * @returns an absolute URL of the portal; the start page if the request names no page
 */
export function safeReturnUrl(wanted: unknown, origin: string): string {
  const home = `${origin}/`
  if (typeof wanted !== 'string' || wanted.length > 2_000 || suspicious.test(wanted)) return home
  const relative = wanted.startsWith('/') && !wanted.startsWith('//')
  if (!relative && wanted !== origin && !wanted.startsWith(`${origin}/`)) return home
  const url = URL.parse(wanted, origin)
  if (!url || url.origin !== origin || url.username !== '' || url.password !== '') return home
  // A path "//evil" would be another site to code that reads only the path; the API and sign-in are no pages to return
  // to.
  if (url.pathname.startsWith('//') || /^\/(api|sign-in)(\/|$)/.test(url.pathname)) return home
  return `${origin}${url.pathname}${url.search}`
}
