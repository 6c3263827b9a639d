// biome-ignore lint/suspicious/noControlCharactersInRegex: browsers drop some of these, so that "/\t/evil" becomes "//evil"
const suspicious = /[\u0000-\u0020\u007f-\u00a0\u2028\u2029\\]/

/**
 * Where to go after sign-in: only ever a page of ours, however the wish is written. Parsed as a browser would parse it
 * (WHATWG URL), with what browsers mend silently (backslashes, control characters, blanks) refused beforehand.
 * @param wanted what the request says; anything at all
 * @param origin SPACEPORT_URL
 * @returns an absolute URL of ours; the start page when the wish is no page of ours
 */
export function safeReturnUrl(wanted: unknown, origin: string): string {
  const home = `${origin}/`
  if (typeof wanted !== 'string' || wanted.length > 2_000 || suspicious.test(wanted)) return home
  const relative = wanted.startsWith('/') && !wanted.startsWith('//')
  if (!relative && wanted !== origin && !wanted.startsWith(`${origin}/`)) return home
  const url = URL.parse(wanted, origin)
  if (!url || url.origin !== origin || url.username !== '' || url.password !== '') return home
  // "//evil" as a path of ours would be another site to whoever takes the path alone; the API and sign-in are no pages to return to.
  if (url.pathname.startsWith('//') || /^\/(api|sign-in)(\/|$)/.test(url.pathname)) return home
  return `${origin}${url.pathname}${url.search}`
}
