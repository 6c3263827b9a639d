import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { endsIntent, listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import {
  type AuditConditions,
  type AuditSearch,
  type AuditSubjects,
  auditConditions,
  findAuditSubjects,
  outcomeText,
  textOf,
} from './audit-conditions.ts'
import { placesBySubject } from './audit-places.ts'
import { onHalfOfPool } from './on-half-of-pool.ts'

type Row = Omit<AuditRow, 'actor' | 'target'> & {
  actorKind: string
  actorHandle: string | null
  actorName: string | null
  targetKind: string
  targetId: string | null
  targetName: string | null
}

export type AuditQuery = AuditSearch & {
  /** Only rows with a lower seq. */
  before?: string | undefined
}

/** The person who searches. Their simultaneous searches are limited. */
type SearchOptions = { by: string }

/** A search that goes back in time, step by step. */
type Search = {
  pool: Pool
  conditions: AuditConditions
  subjects: AuditSubjects
  filter: AuditSearch
  limit: number
}

/** The rows of a step. All matching rows down to `searchedTo` are then known; null: the search is complete. */
type Step = { rows: AuditRow[]; searchedTo: bigint | null }

/** After this many milliseconds, a page shows what was found so far, by default. */
const pagePatienceMs = 90
/** Rows that are read directly before the word index is used. */
const newestRows = 2_000
/** Chunks per query of the word index. */
const maxChunks = 400
/** Chunks (1,000 numbers each) that are read at once: at first, if there are few in total, and at most. */
const chunksAtOnce = { first: 6, few: 16, most: 128 }

const chunkSize = 1_000n
const above = 9_000_000_000_000_000_000n

/**
 * A page of the trail, newest first: actions with their outcomes. The time is bounded for any number of rows: a search
 * for rare matches may stop early.
 * @param options.patienceMs when to stop, after the current step
 * @returns at most `limit` rows. If the search stopped early: the seq and the time down to which it got
 * @throws AppError rate_limited when too many searches are running
 */
export async function selectAuditPage(
  pool: Pool,
  query: AuditQuery,
  limit: number,
  { by, patienceMs = pagePatienceMs }: SearchOptions & { patienceMs?: number },
): Promise<{ rows: AuditRow[]; searchedTo: string | null; searchedSince: Date | null }> {
  const began = performance.now()
  return inTurn(pool, query, by, async () => {
    const rows: AuditRow[] = []
    for await (const step of search(pool, query, limit, () => patienceMs - (performance.now() - began))) {
      rows.push(...step.rows.slice(0, limit - rows.length))
      if (rows.length === limit || step.searchedTo === null) break
      if (performance.now() - began > patienceMs)
        return { rows, searchedTo: String(step.searchedTo), searchedSince: await timeOf(pool, step.searchedTo) }
    }
    return { rows, searchedTo: null, searchedSince: null }
  })
}

/**
 * Rows of the trail with their outcomes, newest first: `limit` rows if there are that many, however long it takes.
 * @throws AppError rate_limited when too many searches are running
 */
export async function selectAuditRows(
  pool: Pool,
  query: AuditQuery,
  limit: number,
  { by }: SearchOptions,
): Promise<AuditRow[]> {
  return inTurn(pool, query, by, async () => {
    const rows: AuditRow[] = []
    for await (const step of search(pool, query, limit, () => Number.POSITIVE_INFINITY)) {
      rows.push(...step.rows.slice(0, limit - rows.length))
      if (rows.length === limit) break
    }
    return rows
  })
}

/** An index finds the rows of one space. A search of the whole trail waits for a slot. */
const inTurn = <T>(
  pool: Pool,
  { spaceId, before: _, ...more }: AuditQuery,
  by: string,
  run: () => Promise<T>,
): Promise<T> =>
  spaceId !== undefined && Object.values(more).every((value) => value === undefined)
    ? run()
    : onHalfOfPool(pool, by, run)

/** @param msLeft how long the caller will still wait */
async function* search(pool: Pool, query: AuditQuery, limit: number, msLeft: () => number): AsyncGenerator<Step> {
  const { before, ...filter } = query
  const subjects = await findAuditSubjects(pool, filter)
  const the: Search = { pool, conditions: auditConditions(filter, subjects), subjects, filter, limit }
  let below = before === undefined ? above : BigInt(before)
  const first = await readFirst(the, below)
  if (first) yield first
  if (first?.searchedTo === null) return

  below = first?.searchedTo ?? below
  let msEach = 0
  let size: number = chunksAtOnce.first
  for (;;) {
    const chunks = await findChunks(the, below)
    // So few may as well be read at once.
    if (msEach === 0 && chunks.length <= chunksAtOnce.few) size = chunksAtOnce.few
    for (let at = 0; at < chunks.length; at += size) {
      if (msEach > 0) size = Math.min(size * 3, chunksAtOnce.most, Math.max(1, Math.floor(msLeft() / msEach)))
      const some = chunks.slice(at, at + size)
      const began = performance.now()
      const rows = await readChunks(the, some, below)
      msEach = (performance.now() - began) / some.length
      const isLast = chunks.length < maxChunks && at + size >= chunks.length
      below = (some.at(-1) ?? 0n) * chunkSize
      yield { rows, searchedTo: isLast ? null : below }
    }
    if (chunks.length < maxChunks) return
  }
}

/**
 * An index finds the rows of a person or space, and common matches are among the newest rows.
 * @returns null if neither applies
 */
async function readFirst({ pool, conditions, subjects, filter, limit }: Search, before: bigint): Promise<Step | null> {
  const { own, joined } = conditions
  const places = placesBySubject(filter, subjects, before, limit)
  if (!places && joined.length > 0) return null
  const floor = Prisma.sql`coalesce((SELECT seq FROM floor), 0)`
  const read = places
    ? Prisma.sql`${places}, e AS MATERIALIZED (SELECT e.*, ${textOf} AS text FROM (SELECT DISTINCT seq FROM place WHERE seq >= ${floor}) found
        JOIN audit_event e ON e.seq = found.seq WHERE ${Prisma.join([listed('e'), ...own], ' AND ')})`
    : Prisma.sql`WITH floor AS MATERIALIZED (SELECT seq FROM audit_event WHERE seq < ${before} ORDER BY seq DESC OFFSET ${newestRows - 1} LIMIT 1),
      e AS (SELECT * FROM audit_event e WHERE e.seq < ${before} AND e.seq >= ${floor} AND ${Prisma.join([listed('e'), ...own], ' AND ')}
        ORDER BY e.seq DESC LIMIT ${limit})`
  const rows = await runSql<Row & { floor: string | null }>(
    pool,
    Prisma.sql`${read}
    SELECT (SELECT seq FROM floor)::text AS floor, r.* FROM (SELECT) one LEFT JOIN (
      SELECT ${columns} FROM e LEFT JOIN LATERAL (SELECT o.*, ${outcomeText(Prisma.sql`o`)} AS text FROM (${outcomeOf()}) o) o ON true
      WHERE ${Prisma.join([Prisma.sql`true`, ...joined], ' AND ')} ORDER BY e.seq DESC LIMIT ${limit}) r ON true`,
  )
  const searchedTo = rows[0]?.floor ?? null
  return {
    rows: rows.filter(({ seq }) => seq !== null).map(({ floor: _, ...row }) => toAuditRow(row)),
    searchedTo: searchedTo === null ? null : BigInt(searchedTo),
  }
}

/** @returns the chunks that may have matching rows below a seq, newest first */
async function findChunks({ pool, conditions, subjects, filter }: Search, below: bigint): Promise<bigint[]> {
  const rows = await runSql<{ chunk: string }>(
    pool,
    Prisma.sql`SELECT chunk::text AS chunk FROM trail_chunks(${conditions.chunks ?? Prisma.sql`NULL`}, ${below}, ${filter.from ?? null}::timestamptz,
      ${filter.until ?? null}::timestamptz, ${subjects.seqs}::bigint[], ${maxChunks}) chunk`,
  )
  return rows.map(({ chunk }) => BigInt(chunk))
}

/** @returns the matching rows of some chunks, below a seq */
async function readChunks({ pool, conditions, limit }: Search, chunks: bigint[], below: bigint): Promise<AuditRow[]> {
  const [newest = 0n, oldest = 0n] = [chunks[0], chunks.at(-1)]
  // With constants, the planner skips all other months.
  const bounds = { from: oldest * chunkSize, until: (newest + 1n) * chunkSize }
  const among = Prisma.sql`unnest(${chunks.map(String)}::bigint[]) c(chunk) CROSS JOIN LATERAL (SELECT * FROM audit_event e
    WHERE e.seq >= c.chunk * 1000 AND e.seq < (c.chunk + 1) * 1000 AND e.seq >= ${bounds.from} AND e.seq < ${bounds.until}`
  const mine = Prisma.sql`${among} AND e.seq < ${below} AND ${Prisma.join([listed('e'), ...conditions.own], ' AND ')} OFFSET 0) e`
  const near = Prisma.sql`${among} AND e.intent_id IS NOT NULL OFFSET 0) e`
  // If outcomes matter, those next to each action are read along.
  const found =
    conditions.joined.length === 0
      ? Prisma.sql`found AS MATERIALIZED (SELECT e.seq FROM ${mine} ORDER BY e.seq DESC LIMIT ${limit})`
      : Prisma.sql`mine AS MATERIALIZED (SELECT e.seq, e.id, e.outcome, e.request_id, e.cluster_audit_id, ${textOf} AS text FROM ${mine}),
        near AS MATERIALIZED (SELECT e.intent_id, e.outcome, e.cluster_audit_id, ${outcomeText(Prisma.sql`e`)} AS text FROM ${near}),
        far AS (SELECT e.id, o.outcome, o.cluster_audit_id, ${outcomeText(Prisma.sql`o`)} FROM (SELECT * FROM mine e
          WHERE e.outcome IS NULL AND NOT EXISTS (SELECT FROM near WHERE near.intent_id = e.id)) e CROSS JOIN LATERAL (${outcomeOf(bounds)}) o),
        found AS MATERIALIZED (SELECT e.seq FROM mine e LEFT JOIN (SELECT * FROM near UNION ALL SELECT * FROM far) o ON o.intent_id = e.id
          WHERE ${Prisma.join(conditions.joined, ' AND ')} ORDER BY e.seq DESC LIMIT ${limit})`
  const rows = await runSql<Row>(
    pool,
    Prisma.sql`WITH ${found} SELECT ${columns}
    FROM found JOIN audit_event e ON e.seq = found.seq AND e.seq >= ${bounds.from} AND e.seq < ${bounds.until}
      LEFT JOIN LATERAL (${outcomeOf(bounds)}) o ON true ORDER BY e.seq DESC`,
  )
  return rows.map(toAuditRow)
}

/** @returns the time of the first row from a seq on */
async function timeOf(pool: Pool, seq: bigint): Promise<Date | null> {
  const [row] = await runSql<{ at: Date }>(
    pool,
    Prisma.sql`SELECT at FROM audit_event WHERE seq >= ${seq} ORDER BY seq LIMIT 1`,
  )
  return row?.at ?? null
}

/** The outcome of row `e`, if it is a separate row. */
const outcomeOf = (bounds?: { from: bigint; until: bigint }) => Prisma.sql`
  SELECT o.outcome, o.reason, o.target_name, o.detail, o.cluster_audit_id FROM audit_event o
  WHERE e.outcome IS NULL AND ${endsIntent('o', 'e')}
    ${bounds ? Prisma.sql`AND o.seq > ${bounds.from} AND o.seq < audit_outcome_before(${bounds.until})` : Prisma.empty} LIMIT 1`

const columns = Prisma.sql`e.seq::text AS seq, e.id, e.at, e.action, e.actor_kind AS "actorKind", e.actor_handle AS "actorHandle",
  e.actor_name AS "actorName", e.target_kind AS "targetKind", e.target_id AS "targetId", coalesce(o.target_name, e.target_name) AS "targetName",
  e.space_id AS "spaceId", e.namespace, e.observer, e.source_address AS "sourceAddress", e.user_agent AS "userAgent", e.destination,
  coalesce(o.outcome, e.outcome)::text AS outcome, coalesce(o.reason, e.reason) AS reason, e.detail || coalesce(o.detail, '{}') AS detail,
  e.request_id AS "requestId", coalesce(o.cluster_audit_id, e.cluster_audit_id) AS "clusterAuditId", e.route`

const toAuditRow = ({
  actorKind,
  actorHandle,
  actorName,
  targetKind,
  targetId,
  targetName,
  outcome,
  ...row
}: Row): AuditRow => ({
  ...row,
  outcome: outcome ?? 'unknown',
  actor: { kind: actorKind, handle: actorHandle, name: actorName },
  target: { kind: targetKind, id: targetId, name: targetName },
})
