import type { AuditRow } from '#lib/features/audit/model/audit-view.ts'
import { csvLine } from '#lib/kernel/model/csv.ts'

const columns = {
  seq: (row) => row.seq,
  id: (row) => row.id,
  at: (row) => row.at.toISOString(),
  action: (row) => row.action,
  outcome: (row) => row.outcome,
  reason: (row) => row.reason,
  actor_kind: (row) => row.actor.kind,
  actor_handle: (row) => row.actor.handle,
  actor_name: (row) => row.actor.name,
  target_kind: (row) => row.target.kind,
  target_id: (row) => row.target.id,
  target_name: (row) => row.target.name,
  space_id: (row) => row.spaceId,
  namespace: (row) => row.namespace,
  observer: (row) => row.observer,
  source_address: (row) => row.sourceAddress,
  user_agent: (row) => row.userAgent,
  destination: (row) => row.destination,
  request_id: (row) => row.requestId,
  cluster_audit_id: (row) => row.clusterAuditId,
  route: (row) => row.route,
  detail: (row) => JSON.stringify(row.detail),
} satisfies Record<string, (row: AuditRow) => string | null>

export const auditHeader = (): string => csvLine(Object.keys(columns))

/** @returns a row of a CSV file, with its line break */
export const formatAuditRow = (row: AuditRow): string => csvLine(Object.values(columns).map((value) => value(row)))

/** @returns the text of the last line of a truncated file */
export const cutSentence = (last: AuditRow): string =>
  `This file ends here, but the trail continues. Export entries before ${last.at.toISOString()} in the background.`

/**
 * @param last the last row in the file, although the trail continues
 * @returns a last line that reports the truncation, with the same columns as the others
 */
export const auditCut = (last: AuditRow): string =>
  formatAuditRow({
    seq: last.seq,
    id: '',
    at: last.at,
    action: 'audit.export-cut',
    actor: { kind: 'system', handle: null, name: null },
    target: { kind: 'trail', id: null, name: null },
    spaceId: null,
    namespace: null,
    observer: '',
    sourceAddress: null,
    userAgent: null,
    destination: '',
    outcome: 'unknown',
    reason: cutSentence(last),
    detail: {},
    requestId: null,
    clusterAuditId: null,
    route: null,
  })
