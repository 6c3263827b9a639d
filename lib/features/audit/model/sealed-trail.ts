import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

/** A row of the trail in texts, exactly as Postgres casts its columns to text; times as `2026-11-26T23:14:00.123456Z`. */
export type TrailRow = {
  seq: string
  id: string
  intentId: string | null
  recordedAt: string
  action: string
  at: string
  actorKind: string
  actorId: string | null
  targetKind: string
  targetId: string | null
  spaceId: string | null
  namespace: string | null
  observer: string
  destination: string
  outcome: string | null
  reason: string | null
  requestId: string | null
  clusterAuditId: string | null
  route: string | null
  /** What is personal, and may be replaced by pseudonyms. */
  actorHandle: string | null
  actorName: string | null
  targetName: string | null
  sourceAddress: string | null
  userAgent: string | null
  detail: string
  /** Null once it was replaced. */
  salt: string | null
  /** Hex; set once it was replaced. */
  personalHash: string | null
}

/** A link of the chain; hashes in hex. */
export type SealedBlock = {
  number: number
  /** yyyymm; 0: rows from before the first month, if the clock was set back */
  month: number
  previous: string
  hash: string
  sealedAt: string
  rows: number
  /** The rows' seqs, ascending. */
  seqs: string[]
  /** 64 hex digits for each row; zeros for one that was gone when it was to be sealed. */
  rowHashes: string
}

/** Blocks whose rows are elsewhere: only that they link is checked. */
export type ArchivedBlocks = {
  first: number
  last: number
  previous: string
  hash: string
  rows: number
  /** Which month they are of, where the source says so: a sealed record has to say that it was archived. */
  month?: TrailMonth
}

/**
 * A piece of the trail, from the database, an archive or an export. Blocks come in the order of their numbers, rows in
 * any order, with their block or before it.
 */
export type TrailPart = {
  archived?: ArchivedBlocks
  blocks: readonly SealedBlock[]
  rows: readonly TrailRow[]
  /** Rows that no block of the source names and that don’t wait to be sealed. */
  strays?: readonly TrailRow[]
  /** Seqs that wait to be sealed and have no row. */
  gone?: readonly string[]
  /** Rows that wait to be sealed and have one of `recordActions`, in the order of seq; after all blocks. */
  waitingRecords?: readonly TrailRow[]
  /** How many rows wait to be sealed: in the last part of a source that reaches the end of the trail. */
  waiting?: number
}

export const noHash = '0'.repeat(64)

/** Months may be gone as far as rows with this action say so. */
export const archiveAction = 'trail.archive'
/** The command’s runs, which give a pseudonym. */
export const pseudonymAction = 'person.pseudonymise'
/** Whether somebody may be given one. */
export const lifeActions: readonly string[] = ['person.offboard', 'offboarding.complete', 'person.reactivate']
/** What is personal in rows may be replaced, and months may be gone, as far as rows with these actions say so. */
export const recordActions: readonly string[] = [
  ...lifeActions,
  pseudonymAction,
  'person.pseudonymise-rows',
  archiveAction,
]
