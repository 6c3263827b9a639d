import { z } from 'zod'
import { findTrailExport, readTrailExport } from '#lib/features/audit/db/trail-exports.ts'
import { type ExportFormat, exportFileName } from '#lib/features/audit/model/trail-export.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** More than a person resumes by hand. Each download is recorded in the trail. */
const allowance = { name: 'trail-export-download', times: 120, seconds: 3600 }

/** A finished export, which never changes. */
export type ExportedFile = {
  id: string
  name: string
  format: ExportFormat
  /** Of the compressed file. */
  size: number
  read: (piece: { from: number; until: number }) => AsyncIterable<Uint8Array>
}

/**
 * Downloads one's own finished export, or a rest of it. Each download is authorized and recorded in the trail.
 * @throws AppError not_found: also for an unfinished export; forbidden, rate_limited
 */
export const downloadExport = viewRecorded({
  permission: 'export-audit',
  action: 'audit.export-download',
  input: z.strictObject({ id: z.uuid(), isPart: z.boolean().default(false) }),
  about: ({ id }) => ({ target: { kind: 'export', id } }),
  read: async function readDownloadExport({ ctx, input: { id, isPart }, about }): Promise<ExportedFile> {
    const found = await findTrailExport(ctx.pool, ctx.actor.userId, id)
    if (found?.state !== 'done') throw new AppError('not_found')
    about({ detail: { format: found.format, events: found.events, ...(isPart && { isPart }) } })
    await consumeRateLimit(ctx.pool, allowance, ctx.actor.userId)
    return {
      id,
      name: exportFileName(found),
      format: found.format,
      size: found.bytes,
      read: (piece) => readTrailExport(ctx.pool, id, piece),
    }
  },
})
