import { type AuditFormat, auditCut, auditHeader, formatAuditRow } from '#lib/audit/format-event.ts'
import type { AuditRow } from '#lib/domain/audit-view.ts'

/**
 * @param read reads at most `take` rows, newest first, older than the one whose `seq` is `before`
 * @param bounds how many rows to read at once, and how many the file may have
 * @returns the text of a file with the rows, in pieces; its last line says where it was cut, if it was
 */
export async function* renderExport(
  read: (before: string | undefined, take: number) => Promise<AuditRow[]>,
  format: AuditFormat,
  { pageSize, maxRows }: { pageSize: number; maxRows: number },
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
