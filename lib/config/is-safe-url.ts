/**
 * @returns whether what goes to a URL can be read and changed by nobody on the way: https, or this very machine (`localhost`
 *   and names below it: RFC 6761, section 6.3; 127.0.0.0/8, ::1)
 */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  if (url?.protocol !== 'http:') return false
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(url.hostname)
}
