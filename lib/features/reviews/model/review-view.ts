import { z } from 'zod'
import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import type {
  LineKind,
  LineState,
  ReviewedBinding,
  ReviewRule,
  ReviewScope,
  ReviewState,
} from '#lib/kernel/model/requests/review.ts'
import { lineKinds } from '#lib/kernel/model/requests/review.ts'

type Person = { handle: string; name: string }

export type ReviewRow = {
  id: string
  name: string
  state: ReviewState
  undecided: ReviewRule
  at: Date
  dueAt: Date
  closedAt: Date | null
  /** Null: started by the schedule. */
  by: Person | null
  /** Lines that need a decision, and how many are undecided. */
  lines: number
  open: number
}

export type WaitingReview = Pick<ReviewRow, 'id' | 'name' | 'dueAt' | 'undecided'>

/** The schedule of automatic reviews. `months` null: off. `nextOn` is a day in UTC: `2026-12-31`. */
export type ReviewSchedule = { months: number | null; nextOn: string; dueDays: number; undecided: ReviewRule }

/** Lines per state that the viewer may see. */
export type LineCounts = Readonly<Record<LineState, number>>

/** Progress of reading a cluster's bindings that Spaceport didn't make. */
export type ClusterRead = { cluster: string; spaces: number; failureCode: ErrorCode | null; finishedAt: Date | null }

export type ReviewDetail = Omit<ReviewRow, 'lines' | 'open'> & {
  scope: ReviewScope
  closedBy: Person | null
  closeReason: string | null
  hash: string | null
  /** When a person in the report got a pseudonym, which changed it; null: the report still matches its hash. */
  pseudonymisedAt: Date | null
  counts: LineCounts
  /** The lines of these states that nobody decided: the end of the review settled them. */
  nobody: Pick<LineCounts, 'kept' | 'revoked' | 'undecided'>
  clusters: ClusterRead[]
}

/** A reviewer's progress; `reviewer` null: platform admins. `open` includes lines left undecided at the end. */
export type ReviewerProgress = { reviewer: (Person & { deactivated: boolean }) | null; lines: number; open: number }

/** Access that a person or group had when the review started, and the decision on it. */
export type ReviewLine = {
  id: string
  kind: LineKind
  state: LineState
  /** Null for a cluster-wide binding. */
  space: string | null
  cluster: string
  /** A person's handle, a group's name or a binding's subjects. */
  holder: string
  holderName: string
  isGroup: boolean
  deactivated: boolean
  role: string
  /** The role at the start, if it has changed. */
  wasRole: string | null
  since: Date | null
  until: Date | null
  givenBy: string | null
  lastUsedAt: Date | null
  unused: boolean
  binding: ReviewedBinding | null
  decides: boolean
  isOwn: boolean
  decidedAt: Date | null
  /** Null for a line that the end of the review settled. */
  decidedBy: Person | null
  toRole: string | null
  reason: string | null
}

/** Filters of a review's lines, for the page and for bulk decisions. */
const filters = {
  show: z.enum(['open', 'decided', 'all']).optional(),
  unused: z.literal('yes').optional(),
  kind: z.enum(lineKinds).optional(),
  role: z.enum(['viewer', 'editor', 'admin']).optional(),
  /** Part of a space's or holder's name. */
  search: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\0]*$/)
    .optional(),
}
export const lineFilter = z.strictObject(filters)
export type LineFilter = z.infer<typeof lineFilter>

/** The last line of the previous page. */
export const lineCursor = z.uuid()

export type DecisionResult = {
  decided: number
  /** Changed since the line was recorded; needs a new decision. */
  changed: number
  ended: number
  /** Already decided, someone else's to decide, or not applicable. */
  left: number
}
