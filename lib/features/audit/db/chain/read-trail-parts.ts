import {
  lifeActions,
  pseudonymAction,
  recordActions,
  type SealedBlock,
  type TrailPart,
  type TrailRow,
} from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { readStraySeqs } from './read-stray-seqs.ts'
import { createSeqSet, type SeqSet } from './seq-set.ts'

/** A part is held in memory: this many rows, or this many blocks with fewer rows. */
const maxRows = 2_000
const maxBlocks = 500

/** A range of block numbers, inclusive. */
export type BlockRange = { first: number; last: number }

const columns = `seq, id, intent_id, recorded_at, action, at, actor_kind, actor_id, target_kind, target_id, space_id, namespace, observer,
  destination, outcome, reason, request_id, cluster_audit_id, route, actor_handle, actor_name, target_name, source_address, user_agent,
  detail, salt, personal_hash`

/** Every value as text: hashes cover what Postgres stores, not how a driver parses it. */
const asTexts = { getTypeParser: () => (value: string | Buffer) => value }

/** @returns `2026-11-26T23:14:00.123456Z` for Postgres's `2026-11-26 23:14:00.123456+00` */
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

type Query = (text: string, values?: readonly unknown[]) => Promise<string[][]>

/** Runs `read` in one snapshot, with every value as text. */
async function* inSnapshot<T>(pool: Pool, read: (query: Query) => AsyncGenerator<T>): AsyncGenerator<T> {
  const client = await pool.connect()
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY`)
    await client.query(`SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'; SET LOCAL bytea_output = 'hex'`)
    yield* read(
      async (text, values = []) =>
        (await client.query<string[]>({ text, values: [...values], rowMode: 'array', types: asTexts })).rows,
    )
  } finally {
    await client.query('ROLLBACK').catch(() => undefined)
    client.release()
  }
}

/** @returns the result of a statement, a page at a time */
async function* pagesOf(query: Query, name: string, statement: string): AsyncGenerator<string[][]> {
  await query(`DECLARE ${name} NO SCROLL CURSOR FOR ${statement}`)
  for (;;) {
    const page = await query(`FETCH ${maxRows} FROM ${name}`)
    if (page.length > 0) yield page
    if (page.length < maxRows) break
  }
  await query(`CLOSE ${name}`)
}

/**
 * Reads the trail with its chain in one snapshot: each block with its new rows, then the rows in no block. Memory use
 * doesn't depend on a row’s seq, because any login can get an early seq by holding a transaction open. Calls no
 * functions of the database, because its owner could replace them.
 * @param range leaves out everything before and after, and rows that wait to be sealed
 */
export const readTrailParts = (pool: Pool, range?: BlockRange): AsyncGenerator<TrailPart> =>
  inSnapshot(pool, async function* (query): AsyncGenerator<TrailPart> {
    const taken = createSeqSet()
    let after = range ? range.first - 1 : 0
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
      const rows = await readRows(
        query,
        blocks.flatMap(({ seqs }) => seqs),
      )
      yield { blocks, rows: rows.filter(({ seq }) => taken.add(BigInt(seq))) }
    }
    yield* readStrays(query, taken, range === undefined)
    if (!range) yield* readWaiting(query)
  })

/** Rows in no block that don’t wait for one either. */
async function* readStrays(query: Query, taken: SeqSet, isWhole: boolean): AsyncGenerator<TrailPart> {
  for await (const seqs of readStraySeqs(query, taken, isWhole)) {
    for (let from = 0; from === 0 || from < seqs.length; from += maxRows)
      yield { blocks: [], rows: [], strays: await readRows(query, seqs.slice(from, from + maxRows)) }
  }
}

/** @param seqs of one or a few blocks, close to each other, so that few months are read */
async function readRows(query: Query, seqs: readonly string[]): Promise<TrailRow[]> {
  if (seqs.length === 0) return []
  let [lowest, highest] = [2n ** 63n - 1n, -(2n ** 63n)]
  for (const seq of seqs.map(BigInt)) {
    if (seq < lowest) lowest = seq
    if (seq > highest) highest = seq
  }
  const rows = await query(
    `SELECT ${columns} FROM audit_event WHERE seq = ANY ($1) AND seq >= $2 AND seq <= $3 ORDER BY seq`,
    [seqs, String(lowest), String(highest)],
  )
  return rows.map(rowOf)
}

/** The rows that wait to be sealed: their records, their number, and the seqs without a row. */
async function* readWaiting(query: Query): AsyncGenerator<TrailPart> {
  const gone = `SELECT seq FROM audit_unsealed u WHERE NOT EXISTS (SELECT FROM audit_event e WHERE e.seq = u.seq) ORDER BY seq`
  for await (const page of pagesOf(query, 'gone', gone))
    yield { blocks: [], rows: [], gone: page.map(([seq]) => seq ?? '') }
  const records = `SELECT ${columns} FROM audit_event e WHERE seq IN (SELECT u.seq FROM audit_unsealed u) AND ${isRecord} ORDER BY seq`
  for await (const page of pagesOf(query, 'records', records))
    yield { blocks: [], rows: [], waitingRecords: page.map(rowOf) }
  const [count] = await query('SELECT count(*) FROM audit_unsealed')
  yield { blocks: [], rows: [], waiting: Number(count?.[0] ?? 0) }
}

const quoted = (texts: readonly string[]): string => texts.map((text) => `'${text}'`).join(', ')
/** Outcomes and reports of clusters record no permission. */
const isRecord = `action IN (${quoted(recordActions)}) AND intent_id IS NULL AND route IS NULL`

/**
 * @returns the records that permit pseudonyms and archives, oldest first, unverified. Only offboardings of people with
 * a pseudonym are included, which bounds their number.
 */
export const readRecords = (pool: Pool): AsyncGenerator<TrailRow> =>
  inSnapshot(pool, async function* (query): AsyncGenerator<TrailRow> {
    const statement = `SELECT ${columns} FROM audit_event WHERE ${isRecord} AND (action NOT IN (${quoted(lifeActions)})
      OR target_id IN (SELECT p.target_id FROM audit_event p WHERE p.action = '${pseudonymAction}' AND p.intent_id IS NULL AND p.route IS NULL))
      ORDER BY seq`
    for await (const page of pagesOf(query, 'records', statement)) yield* page.map(rowOf)
  })

const isNumber = /^\d{1,15}$/

/**
 * @param from a block's number, or the time of the first block; omitted: from the start
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

/** @returns all checkpoints in the database as they were signed, oldest first; base64 */
export async function readStoredCheckpoints(pool: Pool): Promise<StoredCheckpoint[]> {
  const { rows } = await pool.query<StoredCheckpoint>(
    `SELECT statement, encode(signature, 'base64') AS signature FROM audit_checkpoint ORDER BY block`,
  )
  return rows
}

/** @returns the workers' public keys from the database, as JWKs */
export async function readCheckpointKeys(
  pool: Pool,
): Promise<{ keyId: string; publicKey: string; firstUsedAt: Date }[]> {
  const { rows } = await pool.query(
    `SELECT key_id AS "keyId", public_key AS "publicKey", first_used_at AS "firstUsedAt" FROM audit_key ORDER BY first_used_at LIMIT 1000`,
  )
  return rows
}
