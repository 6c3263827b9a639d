import type { AuditEventView } from '#lib/domain/audit-record.ts'
import type { AuditListRow } from './audit-list-data.ts'
import { toAuditListRow } from './audit-list-data.ts'
import { type Hop, requestWay } from './request-way.ts'

/** An event of the trail as data for the browser. Times are text, as JSON has them. */
export type AuditEventData = Pick<AuditEventView, 'records' | 'names' | 'sealed'> & {
  row: AuditListRow
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
  row: toAuditListRow(row),
  records,
  names,
  sealed,
  way: requestWay({ records, id: row.id, clusterReportedAt }),
})
