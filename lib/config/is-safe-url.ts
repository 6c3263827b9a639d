import { isLoopback } from './is-loopback.ts'

/** @returns whether requests to a URL are safe on the network: https, or this machine */
export function isSafeUrl(text: string): boolean {
  const url = URL.parse(text)
  if (url?.protocol === 'https:') return true
  return url?.protocol === 'http:' && isLoopback(url.hostname)
}
