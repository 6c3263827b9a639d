import { isIP } from 'node:net'

/**
 * Where a request came from. Our own process puts the socket's address at the end of X-Forwarded-For
 * (decorate-requests.ts), so what a client wrote there itself stands further left, and only as many hops are believed as
 * proxies of ours are configured.
 * @param forwardedFor the header as it reached us
 * @param trustedHops how many reverse proxies stand in front
 */
export function parseSourceAddress(forwardedFor: string | null, trustedHops: number): string | undefined {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const hop = hops.at(-1 - trustedHops) ?? hops[0] ?? ''
  const address = hop.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 ? undefined : address
}
