/**
 * Decides which addresses are public on the Internet. One that leads into the operator’s network must never count as
 * public, in any notation: unknown addresses aren't public.
 */
import { BlockList, isIPv4, isIPv6 } from 'node:net'
import { ipv6Bits } from '#lib/config/ipv6-bits.ts'
import { metadataRanges } from '#lib/kernel/model/spaces/metadata-ranges.ts'

const familyOf = (address: string) => (address.includes(':') ? 'ipv6' : 'ipv4')

/** IANA IPv4 Special-Purpose Address Registry: everything that isn’t globally reachable, and multicast. */
const notPublic4 = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]

/** What IANA allocates as global unicast; everything else is special or unallocated. */
const global6 = ['2000::/3']
/** Exceptions: protocol assignments with Teredo and ORCHID, documentation twice, 6to4. */
const notPublic6 = ['2001::/23', '2001:db8::/32', '3fff::/20', '2002::/16']

/** Prefixes with an IPv4 address in the last 32 bits, which is what counts: mapped (RFC 4291), NAT64 (RFC 6052). */
const embedding = listOf(['::ffff:0:0/96', '64:ff9b::/96'])
const closed = listOf([...notPublic4, ...notPublic6, ...metadataRanges.ipv4, ...metadataRanges.ipv6])
const open6 = listOf(global6)

/** @param ranges CIDR, IPv4 or IPv6 */
export function listOf(ranges: readonly string[]): BlockList {
  const list = new BlockList()
  for (const range of ranges) {
    const [address = '', length] = range.split('/')
    list.addSubnet(address, Number(length), familyOf(address))
  }
  return list
}

/** @returns whether a list contains an address from `bareAddress` */
export const contains = (list: BlockList, address: string): boolean => list.check(address, familyOf(address))

/** @returns the actual address, also if it is an IPv4 one inside IPv6; null if it is invalid, or has a zone */
export function bareAddress(address: string): string | null {
  if (isIPv4(address)) return address
  if (!isIPv6(address) || address.includes('%')) return null
  if (!embedding.check(address, 'ipv6')) return address
  const bits = ipv6Bits(address).slice(-32)
  return (bits.match(/.{8}/g) ?? []).map((octet) => Number.parseInt(octet, 2)).join('.')
}

/** @param address from `bareAddress` */
export const isPublicAddress = (address: string): boolean =>
  !contains(closed, address) && (isIPv4(address) || contains(open6, address))
