import { z } from 'zod'
import { auditFormats } from '#lib/audit/format-event.ts'
import { changePlatform } from '#lib/broker/define/change-platform.ts'
import { selectAuditRows } from '#lib/db/select-audit-rows.ts'
import { auditFilter } from '#lib/domain/audit-filter.ts'
import { renderExport } from './render-export.ts'

const exportAuditInput = auditFilter.extend({ format: z.enum(auditFormats) })

/** Anything larger is a job for the database's own tools; the file's last line says where it was cut. */
const bounds = { pageSize: 1_000, maxRows: 500_000 }

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
  prepare: ({ ctx, input: { format, ...query } }) => ({
    write: async () =>
      renderExport((before, take) => selectAuditRows(ctx.pool, { ...query, before }, take), format, bounds),
  }),
})
