/**
 * The URL parser converts a dotted end to hexadecimal, so only the gap remains to be filled.
 * @param address a valid IPv6 address, without a zone
 * @returns its 128 bits, as ones and zeros
 */
export function ipv6Bits(address: string): string {
  const written = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = [], tail = []] = written.split('::').map((part) => part.split(':').filter((group) => group !== ''))
  const gap: string[] = Array(8 - head.length - tail.length).fill('0')
  return bitsOf(
    [...head, ...gap, ...tail].map((group) => Number.parseInt(group, 16)),
    16,
  )
}

/** @returns numbers as ones and zeros, each of the same width */
export const bitsOf = (groups: readonly number[], width: number): string =>
  groups.map((group) => group.toString(2).padStart(width, '0')).join('')
