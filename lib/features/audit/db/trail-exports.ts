import type { ExportFormat, ExportView } from '#lib/features/audit/model/trail-export.ts'
import type { Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'

export type OwnExport = { format: ExportFormat; createdAt: Date; bytes: number }

/** @returns a person’s exports, with the current size of their files */
export const selectOwnExports = (tx: Tx, personId: string): Promise<OwnExport[]> =>
  tx.$queryRaw<OwnExport[]>`
    SELECT format, created_at AS "createdAt", bytes::float8 AS bytes FROM trail_export WHERE person_id = ${personId}::uuid`

export async function insertTrailExport(
  tx: Tx,
  wanted: { id: string; personId: string; format: ExportFormat; filter: object; createdAt: Date },
): Promise<void> {
  const { id, personId, format, filter, createdAt } = wanted
  await tx.$executeRaw`INSERT INTO trail_export (id, person_id, format, filter, created_at)
    VALUES (${id}::uuid, ${personId}::uuid, ${format}, ${JSON.stringify(filter)}::jsonb, ${createdAt})`
}

/**
 * Removes an export with its file.
 * @returns whether there was one
 */
export const deleteTrailExport = async (tx: Tx, personId: string, id: string): Promise<boolean> =>
  (await tx.$executeRaw`DELETE FROM trail_export WHERE id = ${id}::uuid AND person_id = ${personId}::uuid`) === 1

const columns = `x.id, x.format, x.filter, x.state::text AS state, x.created_at AS "createdAt", x.finished_at AS "finishedAt",
  x.total::float8 AS total, x.reached, x.events::float8 AS events, x.bytes::float8 AS bytes, x.error, x.attempts > 0 OR x.parts > 0 AS "isBegun"`

/** @returns a person’s exports of the trail, newest first */
export async function selectTrailExports(pool: Pool, personId: string): Promise<ExportView[]> {
  const { rows } = await pool.query<ExportView>({
    name: 'select-trail-exports',
    text: `SELECT ${columns} FROM trail_export x WHERE x.person_id = $1 ORDER BY x.created_at DESC, x.id LIMIT 100`,
    values: [personId],
  })
  return rows
}

/** @returns one of a person’s exports; null: they have none with this id */
export async function findTrailExport(pool: Pool, personId: string, id: string): Promise<ExportView | null> {
  const { rows } = await pool.query<ExportView>({
    name: 'find-trail-export',
    text: `SELECT ${columns} FROM trail_export x WHERE x.person_id = $1 AND x.id = $2`,
    values: [personId, id],
  })
  return rows[0] ?? null
}

/**
 * @param from the first byte
 * @param until the byte after the last
 * @returns that range of a file, part by part
 */
export async function* readTrailExport(
  pool: Pool,
  id: string,
  { from, until }: { from: number; until: number },
): AsyncGenerator<Uint8Array> {
  let at = from
  while (at < until) {
    const { rows } = await pool.query<{ start: number; bytes: Buffer }>({
      name: 'read-trail-export',
      text: `SELECT start::float8 AS start, bytes FROM trail_export_part WHERE export_id = $1 AND start <= $2 ORDER BY start DESC LIMIT 1`,
      values: [id, at],
    })
    const part = rows[0]?.bytes.subarray(at - rows[0].start, until - rows[0].start)
    // It was removed during the download, which breaks off. The browser reports that.
    if (!part || part.length === 0) throw new Error('the export is gone')
    yield part
    at += part.length
  }
}
