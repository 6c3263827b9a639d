import type { TrailMonth } from './trail-month.ts'

/** The result of a verification of the trail. `gave-up`: it couldn't be done, which says nothing about the trail. */
export type TrailResult = 'holds' | 'broken' | 'cancelled' | 'gave-up'

/** What a verification found to be wrong, in words. */
export type TrailFinding = {
  /** The kind, as the verifier names it. */
  kind: string
  /** A sentence. */
  says: string
  /** The event that it is about, if it is still there; null: none, or it is gone. */
  event: string | null
  seq: string | null
  block: string | null
  /** The last checkpoint before it that is right, and the first one after it, by their blocks; null: none. */
  after: string | null
  before: string | null
  /** It says where all findings of its kind are: so many that have no entry of their own. */
  more?: number
}

/** A verification of the trail, running or ended. */
export type TrailCheck = {
  id: string
  /** Null: the schedule. */
  askedBy: { handle: string; name: string } | null
  askedAt: Date
  /** What was asked for; null: from the beginning, to the end. */
  fromAt: Date | null
  toAt: Date | null
  cancelledAt: Date | null
  startedAt: Date | null
  /** Rows to read and rows read so far. */
  total: number
  done: number
  firstBlock: string | null
  lastBlock: string | null
  endedAt: Date | null
  result: TrailResult | null
  /** The worst kind first. */
  findings: TrailFinding[]
  /** How many there are, those that are only in `more` included. */
  findingCount: number
}

/** What is known about the chain without verifying it. */
export type ChainState = {
  /** When the first and the last block were made; null: there is none yet. */
  first: { number: string; sealedAt: Date } | null
  last: { number: string; sealedAt: Date } | null
  /** Months that left the database for files, up to which (as a number, 202601), and how many events they have; null: none. */
  archived: { months: number; until: TrailMonth; rows: string } | null
  /** Events that no block has yet, counted up to `maxWaiting`. */
  waiting: number
  checkpoint: { block: string; rows: string; madeAt: Date; keyId: string } | null
  /** Newest first: the latest ones, and those that decide what is to be said of the chain, however old. */
  checks: TrailCheck[]
}

/** More events that wait for a block aren't counted. */
export const maxWaiting = 10_000
/** How many verifications the page lists. */
export const maxChecks = 10
/** Findings of one kind that are kept of a verification, one by one; where the others are is kept together. */
export const maxFindingsOfKind = 5

/** Sealing takes a second: whatever waits longer says that no worker does it. */
const maxSealingMs = 60_000

/** @returns whether events have waited for a block for longer than sealing takes */
export const isSealingLate = (
  { waiting, last }: { waiting: number; last: { sealedAt: Date | string } | null },
  now: Date,
): boolean => waiting > 0 && last !== null && now.getTime() - new Date(last.sealedAt).getTime() > maxSealingMs

/** What of a verification decides what is to be said of the chain. */
type Deciding = { result: TrailResult | null; fromAt: unknown; toAt: unknown }

/** What is to be said of the chain, and by which verification. */
export type Verdict<C = TrailCheck> = { is: 'unverified' } | { is: 'holds' | 'broken'; check: C }

/**
 * @param checks newest first
 * @returns what they say together: something that was found stands until a verification of everything finds nothing
 */
export function verdictOf<C extends Deciding>(checks: readonly C[]): Verdict<C> {
  for (const check of checks) {
    if (check.result === 'broken') return { is: 'broken', check }
    if (check.result === 'holds' && check.fromAt === null && check.toAt === null) return { is: 'holds', check }
  }
  return { is: 'unverified' }
}
