/** Finds rows that are in no block. Each statement reads a bounded range, however long the trail is. */
import { type SeqSet, type SliceCount, sliceBits } from './seq-set.ts'

type Query = (text: string, values?: readonly unknown[]) => Promise<string[][]>
/** Slices that are counted in one statement, from one seq to another, inclusive. */
type Stretch = { from: bigint; to: bigint; slices: SliceCount[] }

const maxRowsCounted = 500_000
const maxSlicesCounted = 2_000
const lowest = -(2n ** 63n)
const highest = 2n ** 63n - 1n
const startOf = (slice: bigint): bigint => slice << sliceBits
const endOf = (slice: bigint): bigint => startOf(slice + 1n) - 1n

/**
 * @param taken the rows that were read with their blocks
 * @param isWhole whether all blocks were read; otherwise only the surroundings of their rows
 * @returns seqs of rows that are in no block and don’t wait for one, in order; a page may be empty
 */
export async function* readStraySeqs(query: Query, taken: SeqSet, isWhole: boolean): AsyncGenerator<string[]> {
  for (const { from, to, slices } of stretchesOf(taken.counts(), isWhole)) {
    const known = new Map(slices.map(({ slice, count }) => [slice, count]))
    const counted = await query(
      `SELECT seq >> ${sliceBits}, count(*) FROM audit_event WHERE seq >= $1 AND seq <= $2 GROUP BY 1 ORDER BY 1`,
      [String(from), String(to)],
    )
    for (const [text = '0', count = '0'] of counted) {
      const slice = BigInt(text)
      if (Number(count) > (known.get(slice) ?? 0)) yield await findInSlice(query, slice, taken, isWhole)
    }
    yield []
  }
}

/** @param isWhole whether to include the ranges between slices, before the first and after the last */
function stretchesOf(counts: readonly SliceCount[], isWhole: boolean): Stretch[] {
  const stretches: Stretch[] = []
  let rows = 0
  for (const one of counts) {
    const open = stretches.at(-1)
    const isNext = open && (isWhole || open.to + 1n === startOf(one.slice))
    if (open && isNext && rows < maxRowsCounted && open.slices.length < maxSlicesCounted) {
      open.slices.push(one)
      open.to = endOf(one.slice)
      rows += one.count
    } else {
      stretches.push({ from: isWhole && open ? open.to + 1n : startOf(one.slice), to: endOf(one.slice), slices: [one] })
      rows = one.count
    }
  }
  if (!isWhole) return stretches
  const [first] = stretches
  if (first) first.from = lowest
  // After the last: rows written since, which may wait for a block.
  return [...stretches, { from: (stretches.at(-1)?.to ?? lowest - 1n) + 1n, to: highest, slices: [] }]
}

async function findInSlice(query: Query, slice: bigint, taken: SeqSet, isWhole: boolean): Promise<string[]> {
  const rows = await query(
    `SELECT e.seq FROM audit_event e WHERE e.seq >= $1 AND e.seq <= $2
       AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.seq = e.seq) ORDER BY 1`,
    [String(startOf(slice)), String(endOf(slice))],
  )
  const unread = rows.map(([seq = '']) => seq).filter((seq) => !taken.has(BigInt(seq)))
  if (isWhole || unread.length === 0) return unread
  const elsewhere = await query(
    `SELECT s.seq FROM audit_block b CROSS JOIN LATERAL unnest(b.seqs) AS s (seq)
     WHERE b.month BETWEEN $1::bigint / 1000000000000 AND $2::bigint / 1000000000000 AND s.seq = ANY ($3)`,
    [unread[0], unread.at(-1), unread],
  )
  const named = new Set(elsewhere.map(([seq]) => seq))
  return unread.filter((seq) => !named.has(seq))
}
