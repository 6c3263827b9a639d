import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { quoted } from '#lib/kernel/model/people/remaining-access.ts'

export const reviewStates = ['starting', 'open', 'closing', 'closed'] as const
export type ReviewState = (typeof reviewStates)[number]

export const reviewRules = ['keep', 'revoke'] as const
export type ReviewRule = (typeof reviewRules)[number]

/**
 * `grant`: a role; `ownership`: of a space, only shown; `binding`: one on a cluster that Spaceport didn't create and
 * can't revoke.
 */
export const lineKinds = ['grant', 'ownership', 'binding'] as const
export type LineKind = (typeof lineKinds)[number]

/** `open`: it waits; `ended`: before a decision; `undecided`: Spaceport can't revoke it; `shown`: needs no decision. */
export const lineStates = ['open', 'kept', 'revoked', 'lowered', 'flagged', 'ended', 'undecided', 'shown'] as const
export type LineState = (typeof lineStates)[number]

export const reviewDecisions = ['keep', 'revoke', 'lower', 'flag'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

/** Access unused for this many days is marked. */
export const unusedDays = 30
/** Days before the end when reviewers are reminded. */
const reminderDays = [7, 3, 1] as const
export const maxReviewDays = 90
/** The most lines in one decision, since they share a transaction. */
export const maxDecided = 1_000
export const scheduleMonths = [1, 3, 6, 12] as const

/** An id, and its name at that time. */
type Named = { id: string; name: string }

export type ReviewScope = {
  /** Null: all clusters. */
  cluster: string | null
  /** Empty: all. The same for people and roles. */
  spaces: Named[]
  people: Named[]
  roles: Role[]
}

export const wholeScope: ReviewScope = { cluster: null, spaces: [], people: [], roles: [] }

/** Bindings name no Spaceport roles and not always people, so a review limited to some leaves them out. */
export const includesBindings = ({ people, roles: some }: ReviewScope): boolean =>
  people.length === 0 && some.length === 0

export type ReviewedBinding = {
  kind: 'RoleBinding' | 'ClusterRoleBinding'
  name: string
  namespace: string | null
  roleRef: { kind: string; name: string }
  subjects: { kind: string; name: string; namespace: string | null }[]
  /** How many more subjects there are. */
  leftOut: number
}

/** @returns the command with which a cluster admin, or a member with the right, deletes a binding */
export const bindingRemoval = ({ kind, name, namespace }: ReviewedBinding): string =>
  namespace === null
    ? `kubectl delete --ignore-not-found ${quoted(`${kind.toLowerCase()}/${name}`)}`
    : `kubectl delete -n ${quoted(namespace)} --ignore-not-found ${quoted(`${kind.toLowerCase()}/${name}`)}`

/** Filling the largest review takes minutes. Beyond this, reviewers have lost time to decide. */
const lateMs = 3_600_000

/** @returns when a review that opens now ends: moved by its delay, so that people have time to decide */
export function dueOnceOpen({ at, dueAt }: { at: Date; dueAt: Date }, openedAt: Date): Date {
  const late = openedAt.getTime() - at.getTime()
  return late < lateMs ? dueAt : new Date(dueAt.getTime() + late)
}

/** @returns the due reminder, in days before the end; null: none, or already sent */
export function dueReminder(
  { createdAt, dueAt, remindedDays }: { createdAt: Date; dueAt: Date; remindedDays: number | null },
  at: Date,
): number | null {
  const left = dueAt.getTime() - at.getTime()
  // A person notified about the review less than a day before needs no reminder.
  const lasts = dueAt.getTime() - createdAt.getTime()
  const due = reminderDays.filter((days) => left <= days * dayMs && lasts >= (days + 1) * dayMs).at(-1)
  return due === undefined || left <= 0 || (remindedDays !== null && remindedDays <= due) ? null : due
}

/** @returns the role that a line shows, to check whether it changed before the decision: `editor 1893456000000` */
export const shownOf = ({ kind, role, endsAt }: { kind: LineKind; role: string; endsAt: Date | null }): string =>
  kind === 'grant' ? `${role} ${endsAt?.getTime() ?? ''}`.trim() : kind
