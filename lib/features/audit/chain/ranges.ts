/** Numbers as ranges, so that all of them can be listed. */
export type Range = { from: bigint; to: bigint; count: number }

/** Beyond this, ranges are merged with their neighbours and have a count of their numbers. */
const maxKept = 4_000

/** @returns at most `max` ranges that cover the given ones, split at the widest gaps */
function coveringRanges(ranges: readonly Range[], max: number): Range[] {
  const sorted = [...ranges].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0))
  const gaps = sorted.slice(1).map((range, i) => ({ at: i + 1, width: range.from - (sorted[i]?.to ?? 0n) }))
  gaps.sort((a, b) => (a.width > b.width ? -1 : a.width < b.width ? 1 : a.at - b.at))
  const starts = new Set(gaps.slice(0, max - 1).map(({ at }) => at))
  const covering: Range[] = []
  for (const [i, range] of sorted.entries()) {
    const last = covering.at(-1)
    if (last === undefined || starts.has(i)) covering.push({ ...range })
    else {
      if (range.to > last.to) last.to = range.to
      last.count += range.count
    }
  }
  return covering
}

export function collectRanges() {
  let ranges: Range[] = []
  let count = 0
  return {
    add(number: bigint): void {
      count++
      const last = ranges.at(-1)
      if (last && (number === last.to + 1n || number === last.to)) {
        last.to = number
        last.count++
        return
      }
      ranges.push({ from: number, to: number, count: 1 })
      if (ranges.length > 2 * maxKept) ranges = coveringRanges(ranges, maxKept)
    },
    count: () => count,
    ranges: (max = maxKept): Range[] => coveringRanges(ranges, max),
  }
}
export type Ranges = ReturnType<typeof collectRanges>

/** @returns e.g. `7, 9 to 12, 20 to 90 (5 of them)` */
export const describeRanges = (ranges: readonly Range[]): string =>
  ranges
    .map(({ from, to, count }) => {
      if (from === to) return `${from}${count > 1 ? ` (${count} times)` : ''}`
      return `${from} to ${to}${to - from + 1n === BigInt(count) ? '' : ` (${count} of them)`}`
    })
    .join(', ')
