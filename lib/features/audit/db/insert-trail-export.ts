import type { ExportFormat } from '#lib/features/audit/model/trail-export.ts'
import type { Tx } from '#lib/kernel/db/client.ts'

export type OwnExport = { format: ExportFormat; createdAt: Date; bytes: number }

/** @returns a person’s exports, with what their files take so far */
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

/** Removes an export with its file. @returns whether there was one */
export const deleteTrailExport = async (tx: Tx, personId: string, id: string): Promise<boolean> =>
  (await tx.$executeRaw`DELETE FROM trail_export WHERE id = ${id}::uuid AND person_id = ${personId}::uuid`) === 1
