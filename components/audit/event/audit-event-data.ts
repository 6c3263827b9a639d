import { type AuditAnswer, auditAnswers, auditIds } from '#components/audit/words/audit-answers.ts'
import { type EventRow, toEventRow } from '#components/audit/words/event-row.ts'
import { type Hop, requestPath } from '#components/audit/words/request-path.ts'
import type { AuditEventView } from '#lib/features/audit/model/audit-record.ts'

/** An event of the trail as data for the browser. */
export type AuditEventData = Pick<AuditEventView, 'records' | 'sealed'> & {
  row: EventRow
  answers: AuditAnswer[]
  ids: [name: string, id: string][]
  /** The hops of a request to a cluster; null for other events. */
  way: Hop[] | null
}

export const toAuditEventData = ({
  row,
  records,
  names,
  clusterReportedAt,
  sealed,
}: AuditEventView): AuditEventData => ({
  row: toEventRow(row, { names, full: true }),
  answers: auditAnswers(row),
  ids: auditIds(row),
  records,
  sealed,
  way: requestPath({ records, id: row.id, clusterReportedAt }),
})
