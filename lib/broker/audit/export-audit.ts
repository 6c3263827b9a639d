import { z } from 'zod'
import { auditCut, auditFormats, auditHeader, formatAuditRow } from '#lib/audit/format-event.ts'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { selectAuditRows } from '#lib/db/select-audit-rows.ts'
import { auditFilter } from '#lib/domain/audit-filter.ts'
import type { AuditRow } from '#lib/domain/audit-view.ts'

const exportAuditInput = auditFilter.extend({ format: z.enum(auditFormats) })

/** Anything larger is a job for the database's own tools; the file's last line says where it was cut. */
const defaultBounds = { pageSize: 1_000, maxRows: 500_000 }

/**
 * Exports the trail as a file, newest first, read page by page while it is sent. The download itself is recorded in the
 * trail.
 * @returns the file's text in pieces; @throws AppError forbidden, trail_unavailable
 */
export const exportAudit = changePlatform({
  permission: 'export-audit',
  action: 'audit.export',
  input: exportAuditInput,
  about: (input) => ({ target: { kind: 'trail' }, detail: input }),
  prepare: ({ ctx, input: { format, ...query } }, bounds: typeof defaultBounds = defaultBounds) => ({
    write: async () => textOf((before, most) => selectAuditRows(ctx.pool, { ...query, before }, most), format, bounds),
  }),
})

type Format = z.infer<typeof exportAuditInput>['format']

async function* textOf(
  read: (before: string | undefined, most: number) => Promise<AuditRow[]>,
  format: Format,
  { pageSize, maxRows }: typeof defaultBounds,
): AsyncIterable<string> {
  yield auditHeader(format)
  let last: AuditRow | undefined
  for (let count = 0; count < maxRows; count += pageSize) {
    const rows = await read(last?.seq, pageSize)
    yield rows.map((row) => formatAuditRow(row, format)).join('')
    last = rows.at(-1)
    if (rows.length < pageSize) return
  }
  if (last && (await read(last.seq, 1)).length > 0) yield auditCut(last, format)
}
