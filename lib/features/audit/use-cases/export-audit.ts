import { z } from 'zod'
import { auditFilter } from '#lib/features/audit/model/audit-filter.ts'
import { exportFormats, maxDirectRows } from '#lib/features/audit/model/trail-export.ts'
import { viewRecorded } from '#lib/kernel/define/view-recorded.ts'
import { renderExport } from './render-export.ts'

const exportAuditInput = auditFilter.extend({ format: z.enum(exportFormats) })

/** Larger exports are written in the background (start-export.ts). The last line reports a truncation. */
const bounds = { pageSize: 1_000, maxRows: maxDirectRows }

/**
 * Exports the trail as a file, newest first, read page by page while it is sent. The download itself is recorded in the
 * trail.
 * @returns the file's text in pieces
 * @throws AppError forbidden, trail_unavailable
 */
export const exportAudit = viewRecorded({
  permission: 'export-audit',
  action: 'audit.export',
  input: exportAuditInput,
  about: (input) => ({ target: { kind: 'trail' }, detail: input }),
  read: ({ ctx, input: { format, ...filter } }) =>
    renderExport(ctx, filter, format, { ...bounds, by: ctx.actor.userId }),
})
