import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

export type ChainHead = { block: number /** hex */; hash: string }

/** @returns the chain's last block; undefined: nothing was sealed yet */
export async function readChainHead(pool: Pool): Promise<ChainHead | undefined> {
  const { rows } = await pool.query<ChainHead>(
    `SELECT number::float8 AS block, encode(hash, 'hex') AS hash FROM audit_block ORDER BY number DESC LIMIT 1`,
  )
  return rows[0]
}

/** As a login left it: whether a key signed it is for the caller to find out. */
export type ClaimedCheckpoint = {
  block: number
  statement: string
  /** base64 */
  signature: string
  /** The hash that the block has, in hex; null: it is archived. */
  found: string | null
}

/** More that a key didn't sign, in front of one that it did, hide that one. */
const maxClaimed = 1_000

/** @returns the checkpoints that name a key, of a block or those before it, the newest first */
export async function selectClaimedCheckpoints(pool: Pool, keyId: string, upTo: number): Promise<ClaimedCheckpoint[]> {
  const { rows } = await pool.query<ClaimedCheckpoint>(
    `SELECT c.block::float8 AS block, c.statement, encode(c.signature, 'base64') AS signature, encode(b.hash, 'hex') AS found
     FROM (SELECT block, statement, signature FROM audit_checkpoint WHERE key_id = $1 AND block <= $2 ORDER BY block DESC LIMIT $3) c
       LEFT JOIN audit_block b ON b.number = c.block ORDER BY c.block DESC`,
    [keyId, upTo, maxClaimed],
  )
  return rows
}

/** @returns how many rows the blocks after one have, up to and with another; after 0, with those of archived months */
export async function countSealedRows(pool: Pool, after: number, upTo: number): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(
    `SELECT (coalesce((SELECT sum(rows) FROM audit_block WHERE number > $1 AND number <= $2), 0)
       + coalesce((SELECT sum(a.rows) FROM audit_archive a
           WHERE $1 = 0 AND NOT EXISTS (SELECT FROM audit_block b WHERE b.month = a.month)), 0))::float8 AS rows`,
    [after, upTo],
  )
  return rows[0]?.rows ?? 0
}

/** @returns the hash of a block, in hex; undefined if there is none of that number */
export async function readBlockHash(pool: Pool, block: number): Promise<string | undefined> {
  const { rows } = await pool.query<{ hash: string }>(
    `SELECT encode(hash, 'hex') AS hash FROM audit_block WHERE number = $1`,
    [block],
  )
  return rows[0]?.hash
}

export type SignedHead = ChainHead & {
  /** up to and with the block */
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
 * Keeps a checkpoint, and the public key that it is verified with.
 * @returns false if there is one of that block and key already
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

/** @returns the checkpoints of blocks after `after`, the earliest first; at most `limit`, and more only of one block */
export const selectCheckpointPage = (pool: Pool, after: string, limit: number): Promise<Row[]> =>
  runSql<Row>(
    pool,
    Prisma.sql`
    SELECT block::text AS block, statement, signature FROM audit_checkpoint
    WHERE block > ${after}::bigint ORDER BY block, key_id FETCH FIRST ${limit} ROWS WITH TIES`,
  )
