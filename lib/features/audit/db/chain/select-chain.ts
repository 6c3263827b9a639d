import type { BlockHead, ChainRow, CheckpointRow } from '#lib/features/audit/model/chain-row.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { blockColumns, sealedRowColumns } from './sealed-row-sql.ts'

/** @returns the first blocks after one, in order */
export async function selectBlocksAfter(pool: Pool, number: number, limit: number): Promise<BlockHead[]> {
  const { rows } = await pool.query<BlockHead>({
    name: 'select-blocks-after',
    text: `SELECT ${blockColumns} FROM audit_block b WHERE b.number > $1 ORDER BY b.number LIMIT $2`,
    values: [number, limit],
  })
  return rows
}

/**
 * @param from how many of the block’s rows to skip
 * @returns the rows of a block, in order, without those that are no longer in the trail
 */
export async function selectRowsOfBlock(
  pool: Pool,
  { number, month }: Pick<BlockHead, 'number' | 'month'>,
  { from, limit }: { from: number; limit: number },
): Promise<ChainRow[]> {
  const { rows } = await pool.query<ChainRow>({
    name: 'select-rows-of-block',
    text: `SELECT ${sealedRowColumns('e')}, b.number::float8 AS block, (p.place - 1)::int AS index,
        encode(substring(b.row_hashes FROM ((p.place - 1) * 32 + 1)::int FOR 32), 'hex') AS "rowHash"
      FROM audit_block b
      CROSS JOIN LATERAL unnest(b.seqs) WITH ORDINALITY p(seq, place)
      JOIN audit_event e ON e.seq = p.seq
      WHERE b.number = $1 AND b.month = $2 AND p.place > $3 AND p.place <= $4
      ORDER BY p.place`,
    values: [number, month, from, from + limit],
  })
  return rows
}

/** @returns the checkpoints of the next blocks after one, up to another */
export async function selectCheckpoints(
  pool: Pool,
  { after, upTo, limit }: { after: number; upTo: number; limit: number },
): Promise<CheckpointRow[]> {
  const { rows } = await pool.query<CheckpointRow>({
    name: 'select-checkpoints',
    text: `SELECT block::float8 AS block, encode(hash, 'hex') AS hash, rows::text AS rows, trail_time(made_at) AS "madeAt",
        key_id AS "keyId", statement, translate(encode(signature, 'base64'), E'\n', '') AS signature
      FROM audit_checkpoint WHERE block > $1 AND block <= $2
        AND block <= coalesce((SELECT max(block) FROM (SELECT block FROM audit_checkpoint WHERE block > $1 ORDER BY block LIMIT $3) c), $2)
      ORDER BY block, key_id`,
    values: [after, upTo, limit],
  })
  return rows
}
