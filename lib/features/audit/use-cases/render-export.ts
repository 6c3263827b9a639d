import { randomUUID } from 'node:crypto'
import { selectAuditRows } from '#lib/features/audit/db/select-audit-rows.ts'
import { createChainRowReader } from '#lib/features/audit/db/select-chain-rows.ts'
import { exportEvent } from '#lib/features/audit/export/cloud-events.ts'
import { auditCut, auditHeader, cutSentence } from '#lib/features/audit/export/format-event.ts'
import type { AuditFilter } from '#lib/features/audit/model/audit-filter.ts'
import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { renderCloudEvent } from '#lib/features/audit/model/cloud-event.ts'
import type { ExportFormat } from '#lib/features/audit/model/trail-export.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'
import { sourceOf } from './event-source.ts'
import { renderRows } from './read-export.ts'

/**
 * @param bounds the page size, and the maximum rows of the file
 * @returns the text of a file with the filtered rows, newest first, in pieces. If it was truncated, the last line says
 * where.
 */
export async function* renderExport(
  ctx: Pick<Services, 'pool' | 'portalUrl' | 'clock'>,
  filter: AuditFilter,
  format: ExportFormat,
  { pageSize, maxRows, by }: { pageSize: number; maxRows: number; by: string },
): AsyncIterable<string> {
  const about = { id: randomUUID(), filter, at: ctx.clock() }
  const mark = (part: 'begin' | 'end' | 'cut', more: object = {}) =>
    `${renderCloudEvent(exportEvent({ ...about, part, ...more }, sourceOf(ctx.portalUrl)))}\n`
  yield format === 'csv' ? auditHeader() : mark('begin')
  const selectChainRows = createChainRowReader(ctx.pool)
  let last: AuditRow | undefined
  let events = 0
  for (let count = 0; count < maxRows; count += pageSize) {
    const rows = await selectAuditRows(ctx.pool, { ...filter, before: last?.seq }, pageSize, { by })
    const page = await renderRows({ portalUrl: ctx.portalUrl, selectChainRows }, rows, format)
    events += page.events
    yield page.text
    last = rows.at(-1) ?? last
    if (rows.length < pageSize) {
      if (format === 'ndjson') yield mark('end', { events })
      return
    }
  }
  const isCut = last && (await selectAuditRows(ctx.pool, { ...filter, before: last.seq }, 1, { by })).length > 0
  if (format === 'ndjson')
    yield isCut && last ? mark('cut', { events, reason: cutSentence(last) }) : mark('end', { events })
  else if (isCut && last) yield auditCut(last)
}
