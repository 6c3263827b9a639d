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

/** A review in a list. */
export type ReviewRow = {
  id: string
  name: string
  state: ReviewState
  undecided: ReviewRule
  at: Date
  dueAt: Date
  closedAt: Date | null
  /** Null: the schedule started it. */
  by: Person | null
  /** Lines that somebody decides about, and how many of them wait. */
  lines: number
  open: number
}

/** A review in which somebody is to decide. */
export type WaitingReview = Pick<ReviewRow, 'id' | 'name' | 'dueAt' | 'undecided'>

/** When reviews start by themselves. `months` null: never. `nextOn` is a day in UTC: `2026-12-31`. */
export type ReviewSchedule = { months: number | null; nextOn: string; dueDays: number; undecided: ReviewRule }

/** How many lines of each state a viewer may see. */
export type LineCounts = Readonly<Record<LineState, number>>

/** How far a cluster has been asked about bindings that Spaceport did not make. */
export type ClusterRead = { cluster: string; spaces: number; failureCode: ErrorCode | null; finishedAt: Date | null }

export type ReviewDetail = Omit<ReviewRow, 'lines' | 'open'> & {
  scope: ReviewScope
  closedBy: Person | null
  closeReason: string | null
  hash: string | null
  /** When a person in it got a pseudonym, which changed the report; null: it is the one that the hash is of. */
  pseudonymisedAt: Date | null
  counts: LineCounts
  /** How many lines ended or stayed at the end since nobody decided about them. */
  nobody: number
  clusters: ClusterRead[]
}

/** Somebody who is to decide; null: platform admins. `open`: also what they hadn’t decided about at the end. */
export type ReviewerProgress = { reviewer: (Person & { deactivated: boolean }) | null; lines: number; open: number }

/** What somebody held when the review started, and what was decided about it. */
export type ReviewLine = {
  id: string
  kind: LineKind
  state: LineState
  /** Null: it is about a whole cluster. */
  space: string | null
  cluster: string
  /** A person’s handle, the name of a group, or what a binding names. */
  holder: string
  holderName: string
  isGroup: boolean
  /** Whether the person is deactivated by now. */
  deactivated: boolean
  role: string
  /** The role at the start, if it has changed since. */
  wasRole: string | null
  since: Date | null
  until: Date | null
  givenBy: string | null
  lastUsedAt: Date | null
  unused: boolean
  binding: ReviewedBinding | null
  /** Whether the viewer may decide about it. */
  decides: boolean
  /** Whether the viewer holds it themselves. */
  isOwn: boolean
  decidedAt: Date | null
  /** Null though it is decided: nobody was in time. */
  decidedBy: Person | null
  toRole: string | null
  reason: string | null
}

/** What of a review’s lines is shown or decided about. */
const filters = {
  show: z.enum(['open', 'decided', 'all']).optional(),
  unused: z.literal('yes').optional(),
  kind: z.enum(lineKinds).optional(),
  role: z.enum(['viewer', 'editor', 'admin']).optional(),
  /** Part of the name of a space or of a holder. */
  search: z
    .string()
    .trim()
    .max(100)
    .regex(/^[^\0]*$/)
    .optional(),
}
export const lineFilter = z.strictObject(filters)
export type LineFilter = z.infer<typeof lineFilter>

/** The id of the line that a page starts after. */
export const lineCursor = z.uuid()

/** What became of an act on several lines. */
export type Decided = {
  decided: number
  /** No longer what the line said: to be looked at again. */
  changed: number
  ended: number
  /** Somebody else’s to decide, decided already, or not of a kind for this. */
  left: number
}
