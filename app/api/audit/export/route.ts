import { z } from 'zod'
import { auditFilterFields, parseAuditQuery } from '#app/audit/parse-audit-query.ts'
import { exportAudit } from '#lib/broker/audit/export-audit.ts'
import { AppError } from '#lib/domain/errors.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { streamText } from '#lib/web/page/stream-text.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'

const asked = z.strictObject({ ...auditFilterFields, format: z.enum(['ndjson', 'csv']) })
const types = { ndjson: 'application/x-ndjson; charset=utf-8', csv: 'text/csv; charset=utf-8' } as const

/** Each download reads the whole trail. */
const atOnce = { name: 'exports', most: 2, sentence: 'Two downloads are already running. Wait for one to finish.' }

/** The trail as a file to download. */
export async function GET(request: Request): Promise<Response> {
  let release = () => {}
  try {
    const ctx = await readContext()
    const { format, ...filters } = parseSearchParams(asked, new URL(request.url).searchParams)
    const parsed = parseAuditQuery(filters)
    if (!parsed.ok) throw new AppError('bad_input', { fields: parsed.fields })
    const { before: _none, ...query } = parsed.query
    release = takeSlot(atOnce, ctx.actor.userId)
    const rows = await exportAudit(ctx, { ...query, format })
    const day = ctx.now.toISOString().slice(0, 10)
    return new Response(streamText(rows, release), {
      headers: {
        'content-type': types[format],
        'content-disposition': `attachment; filename="spaceport-audit-${day}.${format}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    release()
    return answerFailure(error, request.headers, 'audit export')
  }
}

export const dynamic = 'force-dynamic'
