import { isIPv6 } from 'node:net'

/** @returns the part of an address that identifies one client: all of IPv4, the first 64 bits of IPv6 */
export function sourceKey(address: string): string {
  // For IPv4, which skips the costly expression behind isIPv6.
  if (!address.includes(':') || !isIPv6(address)) return address
  if (address.toLowerCase().startsWith('::ffff:') && address.includes('.')) return address.slice(7)
  const [head = '', tail = ''] = address.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === '' ? [] : tail.split(':')
  const groups = address.includes('::')
    ? [...left, ...Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0'), ...right]
    : left
  return `${groups.slice(0, 4).join(':')}::/64`
}
