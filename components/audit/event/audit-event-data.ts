import { type AuditAnswer, auditAnswers, auditIds } from '#components/audit/words/audit-answers.ts'
import { type ToldRow, toToldRow } from '#components/audit/words/event-row.ts'
import { type Hop, requestWay } from '#components/audit/words/request-way.ts'
import type { AuditEventView } from '#lib/features/audit/model/audit-record.ts'

/** An event of the trail as data for the browser. Times are text, as JSON has them. */
export type AuditEventData = Pick<AuditEventView, 'records' | 'sealed'> & {
  row: ToldRow
  answers: AuditAnswer[]
  ids: [name: string, id: string][]
  /** The stops of a request to a cluster; null: it is none. */
  way: Hop[] | null
}

/** @returns an event as data for the browser */
export const toAuditEventData = ({
  row,
  records,
  names,
  clusterReportedAt,
  sealed,
}: AuditEventView): AuditEventData => ({
  row: toToldRow(row, { names, full: true }),
  answers: auditAnswers(row),
  ids: auditIds(row),
  records,
  sealed,
  way: requestWay({ records, id: row.id, clusterReportedAt }),
})
