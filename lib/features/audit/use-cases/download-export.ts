import { z } from 'zod'
import { findTrailExport, readTrailExport } from '#lib/features/audit/db/trail-exports.ts'
import { type ExportFormat, exportFileName } from '#lib/features/audit/model/trail-export.ts'
import { consumeRateLimit } from '#lib/kernel/db/consume-rate-limit.ts'
import { changeFound } from '#lib/kernel/define/change-found.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** More than anybody resumes by hand; each is recorded in the trail. */
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
 * Downloads one's own finished export, or the rest of it. Each download is authorized anew, and recorded in the trail.
 * @throws AppError not_found: also when it isn't finished; forbidden, rate_limited
 */
export const downloadExport = changeFound({
  by: { permission: 'export-audit' },
  action: 'audit.export-download',
  kind: 'export',
  input: z.strictObject({ id: z.uuid(), isPart: z.boolean().default(false) }),
  find: (_db, ctx, id) => findTrailExport(ctx.pool, ctx.actor.userId, id),
  async prepare({ ctx, found, input: { id, isPart }, about }) {
    if (found.state !== 'done') throw new AppError('not_found')
    about({ detail: { format: found.format, events: found.events, ...(isPart && { isPart }) } })
    await consumeRateLimit(ctx.pool, allowance, ctx.actor.userId)
    const file: ExportedFile = {
      id,
      name: exportFileName(found),
      format: found.format,
      size: found.bytes,
      read: (piece) => readTrailExport(ctx.pool, id, piece),
    }
    return { write: async () => file }
  },
})
