import { isLoopback } from './is-loopback.ts'

/** @returns whether what goes to a URL can be read and changed by nobody on the way: https, or this very machine */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && isLoopback(url.hostname)
}
