import { z } from 'zod'
import { auditFilterFields, parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { exportFormats } from '#lib/features/audit/model/trail-export.ts'
import { exportAudit } from '#lib/features/audit/use-cases/export-audit.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { download } from '#lib/web/page/download.ts'

const asked = z.strictObject({ ...auditFilterFields, format: z.enum(exportFormats) })
const types = { ndjson: 'application/x-ndjson', csv: 'text/csv' } as const

/** The trail as a file. */
export const GET = (request: Request): Promise<Response> =>
  download(request, 'audit export', async (ctx, query) => {
    const { format, ...filters } = parseSearchParams(asked, query)
    const parsed = parseAuditQuery(filters, new Date())
    if (!parsed.ok) throw new AppError('bad_input', { fields: parsed.fields })
    const { before: _none, ...found } = parsed.query
    const pieces = await exportAudit(ctx, { ...found, format })
    return { name: `spaceport-audit-${ctx.now.toISOString().slice(0, 10)}.${format}`, type: types[format], pieces }
  })

export const dynamic = 'force-dynamic'
