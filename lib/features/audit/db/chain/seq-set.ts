/** A slice is 2^16 seqs: `seq >> 16` in Postgres too. */
export const sliceBits = 16n
const sliceSize = 65_536
/** Up to this many numbers of a slice are kept in a list. A larger slice becomes a bitmap. */
const maxListed = 128

type Slice = { count: number; listed: number[]; bits: Uint8Array | null }
export type SliceCount = { slice: bigint; count: number }

/**
 * A set of seqs. Takes about a bit per seq where they are dense, and some hundred bytes at most where they are sparse.
 */
export function createSeqSet() {
  const slices = new Map<bigint, Slice>()
  let last: { key: bigint; slice: Slice } | undefined

  function find(key: bigint): Slice | undefined {
    if (last?.key === key) return last.slice
    const slice = slices.get(key)
    if (slice) last = { key, slice }
    return slice
  }

  const placeOf = (seq: bigint): number => Number(BigInt.asUintN(Number(sliceBits), seq))
  const holds = ({ bits, listed }: Slice, place: number): boolean =>
    bits ? ((bits[place >> 3] ?? 0) & (1 << (place & 7))) !== 0 : listed.includes(place)

  function mark(bits: Uint8Array, place: number): void {
    bits[place >> 3] = (bits[place >> 3] ?? 0) | (1 << (place & 7))
  }

  return {
    /** @returns whether it is new */
    add(seq: bigint): boolean {
      const key = seq >> sliceBits
      const place = placeOf(seq)
      let slice = find(key)
      if (!slice) {
        slice = { count: 0, listed: [], bits: null }
        slices.set(key, slice)
      }
      if (holds(slice, place)) return false
      slice.count++
      if (slice.bits) mark(slice.bits, place)
      else slice.listed.push(place)
      if (slice.listed.length > maxListed) {
        const bits = new Uint8Array(sliceSize / 8)
        for (const one of slice.listed) mark(bits, one)
        Object.assign(slice, { bits, listed: [] })
      }
      return true
    },
    has(seq: bigint): boolean {
      const slice = find(seq >> sliceBits)
      return slice !== undefined && holds(slice, placeOf(seq))
    },
    /** @returns the count of each non-empty slice, lowest first */
    counts: (): SliceCount[] =>
      [...slices]
        .map(([slice, { count }]) => ({ slice, count }))
        .sort((one, other) => (one.slice < other.slice ? -1 : 1)),
  }
}
export type SeqSet = ReturnType<typeof createSeqSet>
