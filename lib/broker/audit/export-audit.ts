import { z } from 'zod'
import { auditCut, auditFormats, auditHeader, formatAuditRow } from '#lib/audit/format-event.ts'
import { authorizePlatform } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { recorded } from '#lib/broker/use-case/recorded.ts'
import { selectAuditRows } from '#lib/db/select-audit-rows.ts'
import { auditFilter } from '#lib/domain/audit-filter.ts'
import type { AuditRow } from '#lib/domain/audit-view.ts'

export const exportAuditInput = auditFilter.extend({ format: z.enum(auditFormats) })

/** More than this is a matter for the database's own tools; the file's last line says where it ends. */
const bounds = { pageSize: 1_000, mostRows: 500_000 }

/**
 * The trail as a file, newest first, read page by page while it is sent. That somebody took it is in the trail itself.
 * @returns the file's text in pieces; @throws AppError forbidden, trail_unavailable
 */
export async function exportAudit(
  ctx: BrokerContext,
  { format, ...query }: z.infer<typeof exportAuditInput>,
  { pageSize, mostRows } = bounds,
): Promise<AsyncIterable<string>> {
  await recorded(ctx, 'audit.export', { target: { kind: 'trail' }, detail: { format, ...query } }, async (record) => {
    authorizePlatform(ctx, 'export-audit')
    await record.commit(async () => {})
  })
  return (async function* () {
    yield auditHeader(format)
    let last: AuditRow | undefined
    for (let count = 0; count < mostRows; count += pageSize) {
      const rows = await selectAuditRows(ctx.db, { ...query, before: last?.seq }, pageSize)
      yield rows.map((row) => formatAuditRow(row, format)).join('')
      last = rows.at(-1)
      if (rows.length < pageSize) return
    }
    if (last && (await selectAuditRows(ctx.db, { ...query, before: last.seq }, 1)).length > 0)
      yield auditCut(last, format)
  })()
}
