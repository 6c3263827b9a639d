import { isLoopback } from './is-loopback.ts'

/** @returns whether nobody on the network path can read or change what goes to a URL: https, or this machine */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && isLoopback(url.hostname)
}
