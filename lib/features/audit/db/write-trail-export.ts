import type { ExportError, ExportFormat } from '#lib/features/audit/model/trail-export.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

export type ClaimedExport = {
  id: string
  personId: string
  format: ExportFormat
  filter: Record<string, unknown>
  createdAt: Date
  until: number | null
  cursor: string
  parts: number
  events: number
  bytes: number
  attempts: number
}

/**
 * Claims the export that has waited longest, a different one in each worker. An export of a dead worker can be claimed
 * again after its lease.
 */
export async function claimTrailExport(pool: Pool, at: Date, leaseMs: number): Promise<ClaimedExport | null> {
  const { rows } = await pool.query<ClaimedExport>({
    name: 'take-trail-export',
    text: `WITH next AS (
        SELECT id FROM trail_export WHERE state = 'waiting' AND (taken_until IS NULL OR taken_until <= $1)
        ORDER BY taken_until NULLS FIRST, created_at LIMIT 1 FOR UPDATE SKIP LOCKED)
      UPDATE trail_export x SET taken_until = $2, attempts = attempts + 1 FROM next WHERE x.id = next.id
      RETURNING x.id, x.person_id AS "personId", x.format, x.filter, x.created_at AS "createdAt", x.until::float8 AS until, x.cursor, x.parts,
        x.events::float8 AS events, x.bytes::float8 AS bytes, x.attempts`,
    values: [at, new Date(at.getTime() + leaseMs)],
  })
  return rows[0] ?? null
}

/** Sets the end of an export, and its number of events if known. */
export async function boundTrailExport(
  pool: Pool,
  id: string,
  { until, total }: { until: number; total: number | null },
): Promise<void> {
  await pool.query('UPDATE trail_export SET until = $2, total = $3 WHERE id = $1 AND until IS NULL', [id, until, total])
}

type Part = {
  /** Compressed. */
  bytes: Buffer
  events: number
  /** Where the next part starts. */
  cursor: string
  /** When its last event happened. */
  reached: Date | null
  isLast: boolean
  at: Date
  takenUntil: Date
}

/**
 * Adds a part to an export and moves on, in one statement.
 * @param before the export as it was claimed, or after the last part
 * @returns false if the export was removed, or another worker has added a part
 */
export async function addTrailExportPart(
  pool: Pool,
  before: Pick<ClaimedExport, 'id' | 'cursor' | 'parts' | 'bytes'>,
  part: Part,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: 'add-trail-export-part',
    text: `WITH moved AS (
        UPDATE trail_export SET cursor = $4, parts = parts + 1, bytes = bytes + octet_length($5::bytea), events = events + $6,
          reached = coalesce($7, reached), attempts = 0, taken_until = CASE WHEN $8 THEN NULL ELSE $10::timestamptz END,
          state = CASE WHEN $8 THEN 'done'::trail_export_state ELSE state END, finished_at = CASE WHEN $8 THEN $9::timestamptz END
        WHERE id = $1 AND cursor = $2 AND parts = $3 AND state = 'waiting' RETURNING id)
      INSERT INTO trail_export_part (export_id, number, start, bytes) SELECT id, $3, $11, $5 FROM moved`,
    values: [
      before.id,
      before.cursor,
      before.parts,
      part.cursor,
      part.bytes,
      part.events,
      part.reached,
      part.isLast,
      part.at,
      part.takenUntil,
      before.bytes,
    ],
  })
  return rowCount === 1
}

/**
 * Releases an export for another worker.
 * @param at from when on
 */
export async function releaseTrailExport(pool: Pool, id: string, at: Date): Promise<void> {
  await pool.query(`UPDATE trail_export SET taken_until = $2 WHERE id = $1 AND state = 'waiting'`, [id, at])
}

/** Marks an export as failed, and removes its parts, which would take space from others. */
export async function failTrailExport(pool: Pool, id: string, error: ExportError, at: Date): Promise<void> {
  await pool.query(
    `UPDATE trail_export SET state = 'failed', error = $2, finished_at = $3, taken_until = NULL WHERE id = $1 AND state = 'waiting'`,
    [id, error, at],
  )
  await pool.query(
    `WITH gone AS (DELETE FROM trail_export_part WHERE export_id = $1)
     UPDATE trail_export SET bytes = 0 WHERE id = $1 AND state = 'failed'`,
    [id],
  )
}

/** @returns the size of all exports, and of one person's, in bytes */
export async function measureTrailExports(pool: Pool, personId: string): Promise<{ all: number; own: number }> {
  const { rows } = await pool.query<{ all: number; own: number }>(
    `SELECT coalesce(sum(bytes), 0)::float8 AS all, coalesce(sum(bytes) FILTER (WHERE person_id = $1), 0)::float8 AS own
     FROM trail_export`,
    [personId],
  )
  return rows[0] ?? { all: 0, own: 0 }
}

export async function deleteTrailExportsBefore(pool: Pool, before: Date): Promise<void> {
  await pool.query('DELETE FROM trail_export WHERE created_at < $1', [before])
}

/** @returns the number of the last block, and the total of rows and checkpoints up to it */
export async function measureChain(pool: Pool): Promise<{ last: number; events: number }> {
  const { rows } = await pool.query<{ last: number; events: number }>(
    `SELECT coalesce(max(number), 0)::float8 AS last,
      (coalesce(sum(rows), 0) + count(*) + (SELECT count(*) FROM audit_checkpoint))::float8 AS events FROM audit_block`,
  )
  return rows[0] ?? { last: 0, events: 0 }
}
