/** One action of the trail: the intent joined with its outcome; `unknown` if no outcome was ever written. */
export type AuditRow = {
  /** A 64-bit number as decimal text. Newer rows have higher numbers. The cursor of pages. */
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
  /** Only for reports of a cluster's own audit log: `around` the gateway. */
  route: string | null
}

/**
 * The current names for ids and handles in rows, without unknown ones. People by handle; spaces and credentials (with
 * their owners) by id.
 */
export type AuditNames = {
  people: Record<string, string>
  /** `isOpen`: whether the reader may see what is inside. */
  spaces: Record<string, { name: string; cluster: string; deleted: boolean; isOpen: boolean }>
  credentials: Record<string, { handle: string; name: string }>
}

export type AuditPage = {
  rows: AuditRow[]
  /** The `seq` that the next page starts after; null: this is the last page. */
  next: string | null
  /** How far back a slow search got; null: the page is full or complete. */
  searchedSince: Date | null
  names: AuditNames
}

/** When a cluster's own audit last arrived, and when its latest event happened; null: never. */
export type ClusterIntake = { cluster: string; receivedAt: Date | null; eventAt: Date | null }

/** The newest row of the trail, for pages that follow it. */
export type NewestRow = {
  seq: string
  /** Whether it was written in the last minute, perhaps between rendering a page and following the trail. */
  isFresh: boolean
}
