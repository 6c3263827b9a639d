import { z } from 'zod'
import { bitsOf, ipv6Bits } from './ipv6-bits.ts'

const cidr = z.union([z.cidrv4(), z.cidrv6()])

/**
 * @returns whether Kubernetes accepts a range as an exception to all addresses: written by its first address, not IPv4
 * mapped into IPv6 (::ffff:0:0/96), and not all addresses, which would leave nothing
 */
export function isDeniableCidr(value: string): boolean {
  if (!cidr.safeParse(value).success) return false
  const [address = '', length] = value.split('/')
  const bits = address.includes(':') ? ipv6Bits(address) : bitsOf(address.split('.').map(Number), 8)
  return Number(length) > 0 && !/^0{80}1{16}/.test(bits) && /^0*$/.test(bits.slice(Number(length)))
}
