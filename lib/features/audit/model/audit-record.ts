import type { AuditNames, AuditRow } from './audit-view.ts'

/**
 * A row of the trail with all columns, by their database names: `seq` as text, times as ISO 8601, bytes as hex after
 * `\x`.
 */
export type AuditRecord = {
  seq: string
  id: string
  intent_id: string | null
  action: string
  at: string
  actor_kind: string
  actor_handle: string | null
  actor_name: string | null
  target_kind: string
  target_id: string | null
  target_name: string | null
  space_id: string | null
  namespace: string | null
  observer: string
  source_address: string | null
  user_agent: string | null
  destination: string
  outcome: 'ok' | 'refused' | 'failed' | null
  reason: string | null
  detail: Record<string, unknown>
  request_id: string | null
  cluster_audit_id: string | null
  recorded_at: string
  route: 'gateway' | 'spaceport' | 'around' | null
  [column: string]: unknown
}

export type AuditEventView = {
  row: AuditRow
  /** The stored rows: the event, its outcome, and the cluster's report of the same request. */
  records: AuditRecord[]
  names: AuditNames
  /** When the cluster's own audit last reported anything; null: never. */
  clusterReportedAt: Date | null
  /** Whether all of its rows are in the chain. */
  sealed: boolean
}

/** Whether lists show it: an action of one of Spaceport's processes, or one that bypassed the gateway. */
const isListed = ({ intent_id, route }: AuditRecord): boolean =>
  intent_id === null && (route === null || route === 'around')

/**
 * @param id of one of the rows
 * @returns the row that the others belong to: the intent for an outcome, the gateway's row for a cluster's report;
 * undefined if there is none
 */
export function mainRecord(records: readonly AuditRecord[], id: string): AuditRecord | undefined {
  const requested = records.find((record) => record.id === id)
  if (requested === undefined || isListed(requested)) return requested
  return records.find((record) => record.id === requested.intent_id) ?? records.find(isListed) ?? requested
}

export function toAuditRow(record: AuditRecord, outcome: AuditRecord | undefined): AuditRow {
  return {
    seq: record.seq,
    id: record.id,
    at: new Date(record.at),
    action: record.action,
    actor: { kind: record.actor_kind, handle: record.actor_handle, name: record.actor_name },
    target: {
      kind: record.target_kind,
      id: record.target_id,
      name: outcome?.target_name ?? record.target_name,
    },
    spaceId: record.space_id,
    namespace: record.namespace,
    observer: record.observer,
    sourceAddress: record.source_address,
    userAgent: record.user_agent,
    destination: record.destination,
    outcome: outcome?.outcome ?? record.outcome ?? 'unknown',
    reason: outcome?.reason ?? record.reason,
    detail: { ...record.detail, ...outcome?.detail },
    requestId: record.request_id,
    clusterAuditId: outcome?.cluster_audit_id ?? record.cluster_audit_id,
    route: record.route,
  }
}
