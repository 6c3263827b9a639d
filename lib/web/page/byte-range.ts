/** One requested byte range: first and last byte, both included, or a suffix length. */
export type ByteRange = { first: number; last: number | null } | { suffix: number }

const single = /^bytes=[ \t]*(\d{0,15})-(\d{0,15})[ \t]*$/i

/**
 * @param header Range of RFC 9110, section 14.2
 * @returns the range; null: none, or one that may be ignored, such as several ranges or another unit
 */
export function parseByteRange(header: string | null): ByteRange | null {
  const [, first = '', last = ''] = single.exec(header ?? '') ?? []
  if (first === '') return last === '' ? null : { suffix: Number(last) }
  if (last !== '' && Number(last) < Number(first)) return null
  return { first: Number(first), last: last === '' ? null : Number(last) }
}

/**
 * @param size of the file, in bytes
 * @returns start (included) and end (excluded); null: the range can’t be satisfied (section 14.1.2)
 */
export function settleByteRange(range: ByteRange, size: number): { from: number; until: number } | null {
  if ('suffix' in range)
    return range.suffix === 0 || size === 0 ? null : { from: Math.max(0, size - range.suffix), until: size }
  if (range.first >= size) return null
  return { from: range.first, until: Math.min(size, (range.last ?? size - 1) + 1) }
}
