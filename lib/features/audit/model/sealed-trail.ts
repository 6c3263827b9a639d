import type { TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'

/** A row of the trail as texts, exactly as Postgres casts its columns; times as `2026-11-26T23:14:00.123456Z`. */
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
  /** Personal data, which pseudonyms may replace. */
  actorHandle: string | null
  actorName: string | null
  targetName: string | null
  sourceAddress: string | null
  userAgent: string | null
  detail: string
  /** Null once replaced. */
  salt: string | null
  /** Hex; set once replaced. */
  personalHash: string | null
}

/** A link of the chain. Hashes are hex. */
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
  /** 64 hex digits for each row; zeros for a row that was missing when the block was sealed. */
  rowHashes: string
}

/** Blocks with archived rows. Only their links are verified. */
export type ArchivedBlocks = {
  first: number
  last: number
  previous: string
  hash: string
  rows: number
  /** Their month, if the source has it: a sealed record must confirm that it was archived. */
  month?: TrailMonth
}

/**
 * A piece of the trail from the database, an archive or an export. Blocks are ordered by number. Rows are in any order,
 * in the same part as their block or an earlier one.
 */
export type TrailPart = {
  archived?: ArchivedBlocks
  blocks: readonly SealedBlock[]
  rows: readonly TrailRow[]
  /** Rows that no block of the source lists and that don’t wait to be sealed. */
  strays?: readonly TrailRow[]
  /** Seqs that wait to be sealed but have no row. */
  gone?: readonly string[]
  /** Rows that wait to be sealed and have one of `recordActions`, by seq; after all blocks. */
  waitingRecords?: readonly TrailRow[]
  /** The number of rows that wait to be sealed, in the last part of a source that reaches the end of the trail. */
  waiting?: number
}

export const noHash = '0'.repeat(64)

/** Rows with this action record which months may be missing. */
export const archiveAction = 'trail.archive'
/** A run of the command that gives a pseudonym. */
export const pseudonymAction = 'person.pseudonymise'
/** These decide whether a person may get a pseudonym. */
export const lifeActions: readonly string[] = ['person.offboard', 'offboarding.complete', 'person.reactivate']
/** Rows with these actions record which personal data may be replaced and which months may be missing. */
export const recordActions: readonly string[] = [
  ...lifeActions,
  pseudonymAction,
  'person.pseudonymise-rows',
  archiveAction,
]
