/** One action of the trail: the intent with its outcome joined; `unknown` when no outcome was ever written. */
export type AuditRow = {
  /** A 64-bit number as decimal text; newer is greater. The cursor that pages use. */
  seq: string
  id: string
  at: Date
  action: string
  actor: { kind: string; handle: string | null; name: string | null }
  target: { kind: string; id: string | null; name: string | null }
  spaceId: string | null
  namespace: string | null
  observer: string
  sourceAddress: string | null
  userAgent: string | null
  destination: string
  outcome: 'ok' | 'refused' | 'failed' | 'unknown'
  reason: string | null
  detail: Record<string, unknown>
  requestId: string | null
  clusterAuditId: string | null
}

export type AuditPage = { rows: AuditRow[]; next: string | null }
