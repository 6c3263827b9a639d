import { recordActions, type SealedBlock, type TrailPart, type TrailRow } from '#lib/domain/sealed-trail.ts'
import type { Pool } from './pool.ts'

/** A part is read into memory: so many rows, or so many blocks with fewer. */
const maxRows = 2_000
const maxBlocks = 500
/** Of rows in no block; more tell nothing new. */
const maxStrays = 10_000

/** Blocks by number, inclusive. */
export type BlockRange = { first: number; last: number }

const columns = `seq, id, intent_id, recorded_at, action, at, actor_kind, actor_id, target_kind, target_id, space_id, namespace, observer,
  destination, outcome, reason, request_id, cluster_audit_id, route, actor_handle, actor_name, target_name, source_address, user_agent,
  detail, salt, personal_hash`

/** Every value as its text: what is hashed is what Postgres stores, not what a driver makes of it. */
const asTexts = { getTypeParser: () => (value: string | Buffer) => value }

/** @returns `2026-11-26T23:14:00.123456Z` of Postgres's `2026-11-26 23:14:00.123456+00` */
function timeOf(text: string): string {
  const [whole = '', fraction = ''] = text.replace(/\+00$/, '').replace(' ', 'T').split('.')
  return `${whole}.${fraction.padEnd(6, '0')}Z`
}

const hex = (bytea: string): string => bytea.slice(2)

function rowOf(texts: readonly string[]): TrailRow {
  const text = (i: number): string => texts[i] ?? ''
  const orNull = (i: number): string | null => texts[i] ?? null
  return {
    seq: text(0),
    id: text(1),
    intentId: orNull(2),
    recordedAt: timeOf(text(3)),
    action: text(4),
    at: timeOf(text(5)),
    actorKind: text(6),
    actorId: orNull(7),
    targetKind: text(8),
    targetId: orNull(9),
    spaceId: orNull(10),
    namespace: orNull(11),
    observer: text(12),
    destination: text(13),
    outcome: orNull(14),
    reason: orNull(15),
    requestId: orNull(16),
    clusterAuditId: orNull(17),
    route: orNull(18),
    actorHandle: orNull(19),
    actorName: orNull(20),
    targetName: orNull(21),
    sourceAddress: orNull(22),
    userAgent: orNull(23),
    detail: text(24),
    salt: orNull(25),
    personalHash: texts[26] == null ? null : hex(texts[26]),
  }
}

const blockOf = (texts: readonly string[]): SealedBlock => ({
  number: Number(texts[0]),
  month: Number(texts[1]),
  previous: hex(texts[2] ?? ''),
  hash: hex(texts[3] ?? ''),
  sealedAt: timeOf(texts[4] ?? ''),
  rows: Number(texts[5]),
  seqs: (texts[6] ?? '{}').slice(1, -1).split(','),
  rowHashes: hex(texts[7] ?? ''),
})

/**
 * Reads the trail with its chain in one snapshot, part by part, in the order of blocks; and, unless only a range is read,
 * what is in no block. Nothing is asked of functions of ours in the database, which its owner could replace.
 * @param range leaves out everything before and after
 */
export async function* readTrailParts(pool: Pool, range?: BlockRange): AsyncGenerator<TrailPart> {
  const client = await pool.connect()
  const query = async (text: string, values: readonly unknown[]): Promise<string[][]> =>
    (await client.query<string[]>({ text, values: [...values], rowMode: 'array', types: asTexts })).rows
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
    await client.query(`SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'`)
    let after = range ? range.first - 1 : 0
    let highest: bigint | undefined = range ? undefined : -(2n ** 63n)
    for (;;) {
      const blocks = (
        await query(
          `SELECT number, month, previous, hash, sealed_at, rows, seqs, row_hashes FROM (
             SELECT b.*, sum(rows) OVER (ORDER BY number) - rows AS before FROM (
               SELECT * FROM audit_block WHERE number > $1 AND number <= $2 ORDER BY number LIMIT ${maxBlocks}) b) b
           WHERE before < ${maxRows} ORDER BY number`,
          [after, range?.last ?? Number.MAX_SAFE_INTEGER],
        )
      ).map(blockOf)
      const last = blocks.at(-1)
      if (!last) break
      after = last.number
      const seqs = blocks
        .flatMap((block) => block.seqs)
        .map(BigInt)
        .sort((one, other) => (one < other ? -1 : 1))
      const [lowest = 0n] = seqs
      const top = seqs.at(-1) ?? 0n
      // In a range, what is below its first block's rows is read only where a block names it.
      highest ??= lowest - 1n
      const from = highest
      const below = range ? seqs.filter((seq) => seq <= from) : []
      const rows = await query(`SELECT ${columns} FROM audit_event WHERE seq > $1 AND seq <= $2 ORDER BY seq`, [
        from.toString(),
        top.toString(),
      ])
      if (below.length > 0)
        rows.push(...(await query(`SELECT ${columns} FROM audit_event WHERE seq = ANY ($1)`, [below.map(String)])))
      if (top > highest) highest = top
      yield { blocks, rows: rows.map(rowOf) }
    }
    if (!range) yield await readRest(query, (highest ?? 0n).toString())
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
}

/** What comes after the last block, and in front of it without being in one. */
async function readRest(
  query: (text: string, values: readonly unknown[]) => Promise<string[][]>,
  highest: string,
): Promise<TrailPart> {
  const strays = await query(
    `SELECT ${columns} FROM audit_event e WHERE seq > $1 AND NOT EXISTS (SELECT FROM audit_unsealed u WHERE u.seq = e.seq)
     ORDER BY seq LIMIT ${maxStrays}`,
    [highest],
  )
  const waiting = await query(
    `SELECT seq FROM audit_unsealed u WHERE seq <= $1 OR NOT EXISTS (SELECT FROM audit_event e WHERE e.seq = u.seq) LIMIT ${maxStrays}`,
    [highest],
  )
  const [count] = await query('SELECT count(*) FROM audit_unsealed', [])
  const records = await query(
    `SELECT ${columns} FROM audit_event e WHERE seq IN (SELECT u.seq FROM audit_unsealed u) AND action = ANY ($1) ORDER BY seq LIMIT ${maxStrays}`,
    [recordActions],
  )
  return {
    blocks: [],
    rows: strays.map(rowOf),
    waiting: { rows: Number(count?.[0] ?? 0), seqs: waiting.map(([seq]) => seq ?? ''), records: records.map(rowOf) },
  }
}

/** More than there are people and archives: those beyond are missing in what is said of a part. */
const maxRecords = 50_000

/** @returns the rows that say what was allowed about pseudonyms and archives, as the database has them: nobody has verified them */
export async function readRecords(pool: Pool): Promise<TrailRow[]> {
  const client = await pool.connect()
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
    await client.query(`SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'`)
    const { rows } = await client.query<string[]>({
      text: `SELECT ${columns} FROM audit_event WHERE action = ANY ($1) ORDER BY seq LIMIT ${maxRecords}`,
      values: [recordActions],
      rowMode: 'array',
      types: asTexts,
    })
    return rows.map(rowOf)
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
}

const isNumber = /^\d{1,15}$/

/**
 * @param from a block's number, or the time from which on blocks were sealed; left out: from the first
 * @param to likewise, inclusive
 * @throws Error when there are no such blocks
 */
export async function selectBlockRange(pool: Pool, from?: string, to?: string): Promise<BlockRange> {
  const { rows } = await pool.query<{ first: number | null; last: number | null }>(
    `SELECT min(number)::float8 AS first, max(number)::float8 AS last FROM audit_block
     WHERE ($1::bigint IS NULL OR number >= $1) AND ($2::bigint IS NULL OR number <= $2)
       AND ($3::timestamptz IS NULL OR sealed_at >= $3) AND ($4::timestamptz IS NULL OR sealed_at <= $4)`,
    [from, to]
      .flatMap((end) => [end !== undefined && isNumber.test(end) ? end : null])
      .concat([from, to].flatMap((end) => [end === undefined || isNumber.test(end) ? null : end])),
  )
  const [range] = rows
  if (range?.first == null || range.last == null) throw new Error('no blocks were sealed in that range')
  return { first: range.first, last: range.last }
}

export type StoredCheckpoint = { statement: string; signature: string }

/** @returns all checkpoints that the database has, oldest first, as they were signed; base64 */
export async function readStoredCheckpoints(pool: Pool): Promise<StoredCheckpoint[]> {
  const { rows } = await pool.query<StoredCheckpoint>(
    `SELECT statement, encode(signature, 'base64') AS signature FROM audit_checkpoint ORDER BY block`,
  )
  return rows
}

/** @returns the public keys that the worker left in the database: JWKs */
export async function readCheckpointKeys(
  pool: Pool,
): Promise<{ keyId: string; publicKey: string; firstUsedAt: Date }[]> {
  const { rows } = await pool.query(
    `SELECT key_id AS "keyId", public_key AS "publicKey", first_used_at AS "firstUsedAt" FROM audit_key ORDER BY first_used_at LIMIT 1000`,
  )
  return rows
}
