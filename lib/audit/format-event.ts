import type { AuditRow } from '#lib/domain/audit-view.ts'
import { csvLine } from '#lib/domain/csv.ts'

export const auditFormats = ['ndjson', 'csv'] as const
export type AuditFormat = (typeof auditFormats)[number]

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
  detail: (row) => JSON.stringify(row.detail),
} satisfies Record<string, (row: AuditRow) => string | null>

/** @returns what comes before the first row */
export const auditHeader = (format: AuditFormat): string => (format === 'csv' ? csvLine(Object.keys(columns)) : '')

/** @returns one row of a download, with its line end */
export function formatAuditRow(row: AuditRow, format: AuditFormat): string {
  if (format === 'csv') return csvLine(Object.values(columns).map((value) => value(row)))
  return `${JSON.stringify(row)}\n`
}

/**
 * @param last the last row in the download, though the trail continues
 * @returns a last line that says so, in the columns of all others, so that no truncated download looks complete
 */
export const auditCut = (last: AuditRow, format: AuditFormat): string =>
  formatAuditRow(
    {
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
      reason: `This file ends here, but the trail continues. Download entries before ${last.at.toISOString()} separately.`,
      detail: {},
      requestId: null,
      clusterAuditId: null,
    },
    format,
  )
