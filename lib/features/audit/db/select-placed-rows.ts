import { LRUCache } from 'lru-cache'
import { breakGlassColumns } from '#lib/features/audit/db/chain/sealed-row-sql.ts'
import type { PlacedRow } from '#lib/features/audit/model/placed-row.ts'
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

type Block = { number: number; places: Map<string, number>; hashes: Buffer }
type Place = Pick<PlacedRow, 'block' | 'index' | 'rowHash'>

const maxCached = 64
/** Blocks of transactions that took long overlap: a row is not always in the first that could have it. */
const looks = [2, 64] as const
const rowsPerMonth = 1_000_000_000_000n
const hashBytes = 32

/**
 * Finds rows of the trail with their places in the chain. It keeps the blocks that it saw last: rows that are near each
 * other are in the same.
 */
export function createPlacedRows(pool: Pool) {
  const blocks = new LRUCache<number, Block>({ max: maxCached })

  const placeIn = ({ number, places, hashes }: Block, seq: string): Place | null => {
    const index = places.get(seq)
    if (index === undefined) return null
    return { block: number, index, rowHash: hashes.toString('hex', index * hashBytes, (index + 1) * hashBytes) }
  }

  async function findPlace(seq: string): Promise<Place | null> {
    for (const block of blocks.values()) {
      const place = placeIn(block, seq)
      if (place) return place
    }
    for (const limit of looks) {
      const { rows } = await pool.query<{ number: number; seqs: string[]; hashes: Buffer }>({
        name: 'find-blocks-of-row',
        text: `SELECT number::float8 AS number, seqs, row_hashes AS hashes FROM audit_block
          WHERE month = $1 AND seqs[1] <= $2 ORDER BY seqs[1] DESC LIMIT $3`,
        values: [Number(BigInt(seq) / rowsPerMonth), seq, limit],
      })
      for (const { number, seqs, hashes } of rows) {
        const block = { number, hashes, places: new Map(seqs.map((of, index) => [of, index])) }
        const place = placeIn(block, seq)
        if (!place) continue
        blocks.set(number, block)
        return place
      }
      if (rows.length < limit) break
    }
    return null
  }

  /**
   * @param shown rows that lists show
   * @returns these rows and the outcomes of those that are intents, newest first; what no block has yet is left out
   */
  return async function selectPlacedRows(shown: readonly { seq: string; id: string }[]): Promise<PlacedRow[]> {
    if (shown.length === 0) return []
    const seqs = shown.map(({ seq }) => seq)
    // An outcome comes after its intent.
    const first = seqs.reduce((least, seq) => (BigInt(seq) < BigInt(least) ? seq : least))
    const { rows } = await pool.query<TrailRow>({
      name: 'select-sealed-rows',
      text: `SELECT * FROM (
          SELECT e.seq AS place, ${breakGlassColumns('e')} FROM audit_event e WHERE e.seq = ANY ($1::bigint[])
          UNION ALL
          SELECT e.seq, ${breakGlassColumns('e')} FROM audit_event e WHERE e.intent_id = ANY ($2::uuid[]) AND e.seq > $3) r
        ORDER BY place DESC`,
      values: [seqs, shown.map(({ id }) => id), first],
    })
    const placed: PlacedRow[] = []
    for (const row of rows) {
      const place = await findPlace(row.seq)
      if (place) placed.push({ ...row, ...place })
    }
    return placed
  }
}

export type SelectPlacedRows = ReturnType<typeof createPlacedRows>
