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
  /** Only what a cluster's own audit reported has one: `around` the gateway. */
  route: string | null
}

/**
 * Names of what rows mention by id or handle alone, as they are now; what is unknown is left out. People by handle,
 * spaces and credentials (with their owners) by id.
 */
export type AuditNames = {
  people: Record<string, string>
  /** `isOpen`: whether the reader may see what is inside. */
  spaces: Record<string, { name: string; cluster: string; deleted: boolean; isOpen: boolean }>
  credentials: Record<string, { handle: string; name: string }>
}

export type AuditPage = {
  rows: AuditRow[]
  /** The `seq` that older rows are before; null: there are none. */
  next: string | null
  /** The time back to which was searched, where a search took too long to go on; null: the page is full, or complete. */
  searchedSince: Date | null
  names: AuditNames
}

/** When a cluster's own audit last arrived, and of when its latest event was; null: it never did. */
export type ClusterIntake = { cluster: string; receivedAt: Date | null; eventAt: Date | null }

/** The newest row of the trail, for whoever follows it. */
export type NewestRow = {
  seq: string
  /** Whether it was written in the last minute: since a page was rendered, perhaps, that follows the trail from now on. */
  isFresh: boolean
}
