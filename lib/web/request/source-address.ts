import { isIP } from 'node:net'

/**
 * The process appends the socket's address to X-Forwarded-For (decorate-requests.ts), so a client's own entries are
 * further left, and only as many hops are trusted as there are configured proxies.
 * @param forwardedFor the header as received
 * @param trustedHops the number of reverse proxies in front
 */
export function parseSourceAddress(forwardedFor: string | null, trustedHops: number): string | undefined {
  const hops = (forwardedFor ?? '').split(',').map((hop) => hop.trim())
  const hop = hops.at(-1 - trustedHops) ?? hops[0] ?? ''
  const address = hop.replace(/^::ffff:(?=\d+\.)/i, '').replace(/^\[(.*)\]$/, '$1')
  return isIP(address) === 0 ? undefined : address
}
