import type { ArchivedBlocks } from '#lib/features/audit/model/sealed-trail.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

/** The content of a month, on which its file and the database have to agree. Hashes are bytes. */
export type MonthContent = {
  rows: number
  firstBlock: bigint | null
  lastBlock: bigint | null
  head: Buffer | null
}

/**
 * Removes a month from the trail after its file was verified: records it in the trail and in audit_archive, and
 * detaches it, in one transaction. Repeating it with the same file does nothing.
 * @param file.sha256 of the file
 * @param file.undelivered whether to archive although a sink lacks the month, which the record then names
 * @throws Error with the database's reason: too recent, an earlier month is still there, content differs …
 */
export async function archiveMonth(
  pool: Pool,
  month: TrailMonth,
  content: MonthContent,
  file: { sha256: Buffer; host: string; undelivered: boolean },
): Promise<void> {
  const { rows, firstBlock, lastBlock, head } = content
  await pool.query('SELECT archive_trail_month($1, $2, $3, $4, $5, $6, $7, $8)', [
    month,
    rows,
    firstBlock,
    lastBlock,
    head,
    file.sha256,
    file.host,
    file.undelivered,
  ])
}

/** A sink that doesn’t have a whole month yet, and the last block that it has. */
export type LackingSink = { sink: string; host: string; block: number }

/**
 * @param lastBlock of the month
 * @returns the active sinks that lack part of it, by the rule of archive_trail_month (prisma/migrations)
 */
export async function selectLackingSinks(pool: Pool, lastBlock: bigint): Promise<LackingSink[]> {
  const { rows } = await pool.query<LackingSink>(
    `SELECT sink, host, block::float8 AS block FROM trail_delivery
     WHERE block < $1 AND seen_at > clock_timestamp() - interval '30 days' ORDER BY sink`,
    [lastBlock],
  )
  return rows
}

/**
 * Removes archived months after their grace period.
 * @returns these months
 */
export async function dropArchivedMonths(pool: Pool): Promise<TrailMonth[]> {
  const { rows } = await pool.query<{ month: TrailMonth }>('SELECT drop_archived_months() AS month')
  return rows.map(({ month }) => month)
}

/** @returns the content of a month by its blocks, and its age in months; null: it isn't in the trail */
export async function readMonthContent(
  pool: Pool,
  month: TrailMonth,
): Promise<(MonthContent & { ago: number }) | null> {
  const { rows } = await pool.query<{
    ago: number
    rows: number
    first: string | null
    last: string | null
    head: Buffer | null
  }>(
    `SELECT m.ago, coalesce(sum(b.rows), 0)::float8 AS rows, min(b.number) AS first, max(b.number) AS last,
       (SELECT hash FROM audit_block WHERE month = $1 ORDER BY number DESC LIMIT 1) AS head
     FROM trail_months() m LEFT JOIN audit_block b ON b.month = $1 WHERE m.month = $1 GROUP BY m.ago`,
    [month],
  )
  const [found] = rows
  return found
    ? {
        ago: found.ago,
        rows: found.rows,
        firstBlock: found.first === null ? null : BigInt(found.first),
        lastBlock: found.last === null ? null : BigInt(found.last),
        head: found.head,
      }
    : null
}

/** @returns the months in the trail with their age in months, oldest first */
export async function selectTrailMonths(pool: Pool): Promise<{ month: TrailMonth; ago: number }[]> {
  const { rows } = await pool.query<{ month: TrailMonth; ago: number }>(
    'SELECT month, ago FROM trail_months() ORDER BY month',
  )
  return rows
}

/** @returns for how many months the trail is kept at least, and for how many more days archived months are */
export async function readRetention(pool: Pool): Promise<{ months: number; days: number }> {
  const { rows } = await pool.query<{ months: number; days: number }>('SELECT months, days FROM audit_retention')
  return rows[0] ?? { months: Number.POSITIVE_INFINITY, days: Number.POSITIVE_INFINITY }
}

/** An archived month. `runs`: its ranges of the chain. */
export type ArchivedMonth = {
  month: TrailMonth
  rows: number
  runs: ArchivedBlocks[]
  sha256: string
  madeAt: Date
}

/** @returns the archived months, oldest first */
export async function selectArchivedMonths(pool: Pool): Promise<ArchivedMonth[]> {
  const { rows } = await pool.query<ArchivedMonth>(
    `SELECT month, rows::float8 AS rows, runs, encode(sha256, 'hex') AS sha256, made_at AS "madeAt" FROM audit_archive ORDER BY month`,
  )
  return rows
}

export async function hasBlocks(pool: Pool, month: TrailMonth): Promise<boolean> {
  const { rowCount } = await pool.query('SELECT FROM audit_block WHERE month = $1 LIMIT 1', [month])
  return rowCount === 1
}

const maxHashes = 10_000

/** Reads the numbers and hashes (hex) of a month's blocks, in order, some thousands at a time. */
export async function* readBlockHashes(
  pool: Pool,
  month: TrailMonth,
): AsyncGenerator<{ number: number; hash: string }> {
  for (let after = 0; ; ) {
    const { rows } = await pool.query<{ number: number; hash: string }>(
      `SELECT number::float8 AS number, encode(hash, 'hex') AS hash FROM audit_block WHERE month = $1 AND number > $2 ORDER BY number LIMIT ${maxHashes}`,
      [month, after],
    )
    yield* rows
    const last = rows.at(-1)
    if (last === undefined || rows.length < maxHashes) return
    after = last.number
  }
}
