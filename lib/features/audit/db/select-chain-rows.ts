import { LRUCache } from 'lru-cache'
import { sealedRowColumns } from '#lib/features/audit/db/chain/sealed-row-sql.ts'
import type { ChainRow } from '#lib/features/audit/model/chain-row.ts'
import type { TrailRow } from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

type Block = { number: number; places: Map<string, number>; hashes: Buffer }
type Place = Pick<ChainRow, 'block' | 'index' | 'rowHash'>

const maxCached = 64
/** Blocks of long transactions overlap, so a row isn't always in the first candidate. */
const looks = [2, 64] as const
const rowsPerMonth = 1_000_000_000_000n
const hashBytes = 32

/**
 * Finds rows of the trail with their places in the chain. Caches the last blocks, since nearby rows are in the same
 * ones.
 */
export function createChainRowReader(pool: Pool) {
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
   * @param shown rows of a list
   * @returns these rows and the outcomes of intents among them, newest first, without rows that are in no block yet
   */
  return async function selectChainRows(shown: readonly { seq: string; id: string }[]): Promise<ChainRow[]> {
    if (shown.length === 0) return []
    const seqs = shown.map(({ seq }) => seq)
    // An outcome comes after its intent.
    const first = seqs.reduce((least, seq) => (BigInt(seq) < BigInt(least) ? seq : least))
    const { rows } = await pool.query<TrailRow>({
      name: 'select-sealed-rows',
      text: `SELECT * FROM (
          SELECT e.seq AS place, ${sealedRowColumns('e')} FROM audit_event e WHERE e.seq = ANY ($1::bigint[])
          UNION ALL
          SELECT e.seq, ${sealedRowColumns('e')} FROM audit_event e WHERE e.intent_id = ANY ($2::uuid[]) AND e.seq > $3) r
        ORDER BY place DESC`,
      values: [seqs, shown.map(({ id }) => id), first],
    })
    const chainRows: ChainRow[] = []
    for (const row of rows) {
      const place = await findPlace(row.seq)
      if (place) chainRows.push({ ...row, ...place })
    }
    return chainRows
  }
}

export type SelectChainRows = ReturnType<typeof createChainRowReader>
