import type { TrailMonth } from './trail-month.ts'

/** The result of a verification of the trail. `gave-up`: it couldn't finish, so the trail may still be intact. */
export type TrailResult = 'holds' | 'broken' | 'cancelled' | 'gave-up'

export type TrailFinding = {
  /** The verifier's name for the kind. */
  kind: string
  /** A sentence. */
  says: string
  /** The event, if it still exists; null: none, or it is gone. */
  event: string | null
  seq: string | null
  block: string | null
  /** The last valid checkpoint before it and the first one after it, as block numbers; null: none. */
  after: string | null
  before: string | null
  /** Set on an entry that summarizes further findings of its kind: how many. */
  more?: number
}

export type TrailCheck = {
  id: string
  /** Null: the schedule. */
  askedBy: { handle: string; name: string } | null
  askedAt: Date
  /** The requested range; null: from the beginning, to the end. */
  fromAt: Date | null
  toAt: Date | null
  cancelledAt: Date | null
  startedAt: Date | null
  /** Rows to read, and rows read so far. */
  total: number
  done: number
  firstBlock: string | null
  lastBlock: string | null
  endedAt: Date | null
  result: TrailResult | null
  /** The worst kind first. */
  findings: TrailFinding[]
  /** How many there are, including those counted in `more`. */
  findingCount: number
}

export type ChainState = {
  /** When the first and the last block were sealed; null: no block exists yet. */
  first: { number: string; sealedAt: Date } | null
  last: { number: string; sealedAt: Date } | null
  /** Months moved from the database to files: how many, the last one (202601), and their events; null: none. */
  archived: { months: number; until: TrailMonth; rows: string } | null
  /** Events without a block, counted up to `maxWaiting`. */
  waiting: number
  checkpoint: { block: string; rows: string; madeAt: Date; keyId: string } | null
  /** Newest first: the latest ones, and older ones that decide the verdict. */
  checks: TrailCheck[]
}

/** Waiting events beyond this number aren't counted. */
export const maxWaiting = 10_000
export const maxChecks = 10
/** How many findings of one kind are kept individually; the rest are summarized. */
export const maxFindingsOfKind = 5

/** Sealing takes a second, so a longer wait means that no worker does it. */
const maxSealingMs = 60_000

export const isSealingLate = (
  { waiting, last }: { waiting: number; last: { sealedAt: Date | string } | null },
  now: Date,
): boolean => waiting > 0 && last !== null && now.getTime() - new Date(last.sealedAt).getTime() > maxSealingMs

type Deciding = { result: TrailResult | null; fromAt: unknown; toAt: unknown }

export type Verdict<C = TrailCheck> = { is: 'unverified' } | { is: 'holds' | 'broken'; check: C }

/**
 * @param checks newest first
 * @returns their verdict: a fault counts until a verification of the whole trail finds none
 */
export function verdictOf<C extends Deciding>(checks: readonly C[]): Verdict<C> {
  for (const check of checks) {
    if (check.result === 'broken') return { is: 'broken', check }
    if (check.result === 'holds' && check.fromAt === null && check.toAt === null) return { is: 'holds', check }
  }
  return { is: 'unverified' }
}
