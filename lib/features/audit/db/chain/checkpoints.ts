import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type ChainHead = { block: number /** hex */; hash: string }

/** @returns the chain's last block; undefined: nothing is sealed yet */
export async function readChainHead(pool: Pool): Promise<ChainHead | undefined> {
  const { rows } = await pool.query<ChainHead>(
    `SELECT number::float8 AS block, encode(hash, 'hex') AS hash FROM audit_block ORDER BY number DESC LIMIT 1`,
  )
  return rows[0]
}

/** As stored by a login. The caller has to verify the signature. */
export type UnverifiedCheckpoint = {
  block: number
  statement: string
  /** base64 */
  signature: string
  /** The block's actual hash, in hex; null: it is archived. */
  found: string | null
}

/** More unsigned checkpoints than this hide an older signed one. */
const maxClaimed = 1_000

/** @returns the checkpoints with a key's id, up to a block, newest first */
export async function selectUnverifiedCheckpoints(
  pool: Pool,
  keyId: string,
  upTo: number,
): Promise<UnverifiedCheckpoint[]> {
  const { rows } = await pool.query<UnverifiedCheckpoint>(
    `SELECT c.block::float8 AS block, c.statement, encode(c.signature, 'base64') AS signature, encode(b.hash, 'hex') AS found
     FROM (SELECT block, statement, signature FROM audit_checkpoint WHERE key_id = $1 AND block <= $2 ORDER BY block DESC LIMIT $3) c
       LEFT JOIN audit_block b ON b.number = c.block ORDER BY c.block DESC`,
    [keyId, upTo, maxClaimed],
  )
  return rows
}

/**
 * @returns the number of rows in the blocks after one, up to and including another; after 0, including archived months
 */
export async function countSealedRows(pool: Pool, after: number, upTo: number): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(
    `SELECT (coalesce((SELECT sum(rows) FROM audit_block WHERE number > $1 AND number <= $2), 0)
       + coalesce((SELECT sum(a.rows) FROM audit_archive a
           WHERE $1 = 0 AND NOT EXISTS (SELECT FROM audit_block b WHERE b.month = a.month)), 0))::float8 AS rows`,
    [after, upTo],
  )
  return rows[0]?.rows ?? 0
}

/** @returns the hash of a block, in hex; undefined if there is no such block */
export async function readBlockHash(pool: Pool, block: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ hash: string }>(
    `SELECT encode(hash, 'hex') AS hash FROM audit_block WHERE number = $1`,
    [block],
  )
  return rows[0]?.hash
}

export type SignedHead = ChainHead & {
  /** up to and including the block */
  rows: number
  at: string
  keyId: string
  statement: string
  /** base64 */
  signature: string
  /** JWK */
  publicKey: string
}

/**
 * Stores a checkpoint and its public key.
 * @returns false if there already is one of that block and key
 */
export async function insertCheckpoint(pool: Pool, signed: SignedHead): Promise<boolean> {
  await pool.query(`INSERT INTO audit_key (key_id, public_key) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
    signed.keyId,
    signed.publicKey,
  ])
  const { rowCount } = await pool.query(
    `INSERT INTO audit_checkpoint (block, hash, rows, made_at, key_id, statement, signature)
     VALUES ($1, decode($2, 'hex'), $3, $4, $5, $6, decode($7, 'base64')) ON CONFLICT DO NOTHING`,
    [signed.block, signed.hash, signed.rows, signed.at, signed.keyId, signed.statement, signed.signature],
  )
  return rowCount === 1
}

type Row = { block: string; statement: string; signature: Uint8Array }

/** @returns the checkpoints of blocks after `after`, earliest first; at most `limit`, or all of one block */
export const selectCheckpointPage = (pool: Pool, after: string, limit: number): Promise<Row[]> =>
  runSql<Row>(
    pool,
    Prisma.sql`
    SELECT block::text AS block, statement, signature FROM audit_checkpoint
    WHERE block > ${after}::bigint ORDER BY block, key_id FETCH FIRST ${limit} ROWS WITH TIES`,
  )
