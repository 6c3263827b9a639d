import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { quoted } from '#lib/kernel/model/people/remaining-access.ts'

export const reviewStates = ['starting', 'open', 'closing', 'closed'] as const
export type ReviewState = (typeof reviewStates)[number]

/** What becomes of what nobody has decided about at the end. */
export const reviewRules = ['keep', 'revoke'] as const
export type ReviewRule = (typeof reviewRules)[number]

/**
 * `grant`: a role of a person or a group; `ownership`: of a space, which is only shown; `binding`: what gives rights on a
 * cluster and Spaceport did not make, so that it can’t be revoked from here.
 */
export const lineKinds = ['grant', 'ownership', 'binding'] as const
export type LineKind = (typeof lineKinds)[number]

/**
 * `open`: it waits; `ended`: it ended otherwise before somebody decided; `undecided`: nobody decided, and it can’t be
 * revoked from here; `shown`: nobody decides about it.
 */
export const lineStates = ['open', 'kept', 'revoked', 'lowered', 'flagged', 'ended', 'undecided', 'shown'] as const
export type LineState = (typeof lineStates)[number]

export const reviewDecisions = ['keep', 'revoke', 'lower', 'flag'] as const
export type ReviewDecision = (typeof reviewDecisions)[number]

/** So many days without use are marked. */
export const unusedDays = 30
/** Days before the end on which reviewers are reminded. */
const reminderDays = [7, 3, 1] as const
/** How long a review may last, in days from its start. */
export const maxReviewDays = 90
/** Lines that one act decides about, at most: one transaction holds them all. */
export const maxDecided = 1_000
/** Months between two reviews that start by themselves. */
export const scheduleMonths = [1, 3, 6, 12] as const

/** An id with the name that it had. */
type Named = { id: string; name: string }

export type ReviewScope = {
  /** Null: all clusters. */
  cluster: string | null
  /** Empty: all of them. The same holds for people and roles. */
  spaces: Named[]
  people: Named[]
  roles: Role[]
}

export const wholeScope: ReviewScope = { cluster: null, spaces: [], people: [], roles: [] }

/** Bindings name neither roles nor always people, so a review of some doesn’t look for them. */
export const includesBindings = ({ people, roles: some }: ReviewScope): boolean =>
  people.length === 0 && some.length === 0

/** A binding that Spaceport did not make. */
export type ReviewedBinding = {
  kind: 'RoleBinding' | 'ClusterRoleBinding'
  name: string
  namespace: string | null
  roleRef: { kind: string; name: string }
  subjects: { kind: string; name: string; namespace: string | null }[]
  /** How many subjects aren’t among these. */
  leftOut: number
}

/** @returns the command with which a cluster’s admin, or a member who may do so, removes a binding */
export const bindingRemoval = ({ kind, name, namespace }: ReviewedBinding): string =>
  namespace === null
    ? `kubectl delete --ignore-not-found ${quoted(`${kind.toLowerCase()}/${name}`)}`
    : `kubectl delete -n ${quoted(namespace)} --ignore-not-found ${quoted(`${kind.toLowerCase()}/${name}`)}`

/** Filling the largest review takes minutes; later than this, it was nobody’s to decide in for a while. */
const lateMs = 3_600_000

/** @returns when a review ends that is open from now on: as much later as it opened late, so that people can decide */
export function dueOnceOpen({ at, dueAt }: { at: Date; dueAt: Date }, openedAt: Date): Date {
  const late = openedAt.getTime() - at.getTime()
  return late < lateMs ? dueAt : new Date(dueAt.getTime() + late)
}

/** @returns the number of the reminder that is due, in days before the end; null: none, or it was sent */
export function dueReminder(
  { createdAt, dueAt, remindedDays }: { createdAt: Date; dueAt: Date; remindedDays: number | null },
  at: Date,
): number | null {
  const left = dueAt.getTime() - at.getTime()
  // Somebody who was told of the review less than a day before needs no reminder.
  const lasts = dueAt.getTime() - createdAt.getTime()
  const due = reminderDays.filter((days) => left <= days * dayMs && lasts >= (days + 1) * dayMs).at(-1)
  return due === undefined || left <= 0 || (remindedDays !== null && remindedDays <= due) ? null : due
}

/** @returns what a line says of a role, to tell whether it still did when somebody decided: `editor 1893456000000` */
export const shownOf = ({ kind, role, endsAt }: { kind: LineKind; role: string; endsAt: Date | null }): string =>
  kind === 'grant' ? `${role} ${endsAt?.getTime() ?? ''}`.trim() : kind
