import { z } from 'zod'

const cidr = z.union([z.cidrv4(), z.cidrv6()])

/**
 * @returns whether Kubernetes accepts a range as an exception to everywhere: written by its first address, not IPv4
 *   mapped into IPv6 (::ffff:0:0/96), and not everywhere itself, which would leave nothing
 */
export function isDeniableCidr(value: string): boolean {
  if (!cidr.safeParse(value).success) return false
  const [address = '', length] = value.split('/')
  const bits = address.includes(':') ? ipv6Bits(address) : bitsOf(address.split('.').map(Number), 8)
  return Number(length) > 0 && !/^0{80}1{16}/.test(bits) && /^0*$/.test(bits.slice(Number(length)))
}

/** The URL parser turns a dotted end into hexadecimal, so only the gap has to be filled. */
function ipv6Bits(address: string): string {
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = [], tail = []] = written.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const gap: string[] = Array(8 - head.length - tail.length).fill('0')
  return bitsOf(
    [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16)),
    16,
  )
}

const bitsOf = (groups: readonly number[], width: number): string =>
  groups.map((group) => group.toString(2).padStart(width, '0')).join('')
