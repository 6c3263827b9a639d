import { givesLess } from '#lib/features/access/model/giving.ts'
import { compareStanding, type Role, roles } from '#lib/kernel/model/access/role.ts'
import type { LineKind, ReviewDecision, ReviewRule } from '#lib/kernel/model/requests/review.ts'

/** A grant's current state; null if it ended or was removed, or its space is gone. */
export type GrantNow = { role: Role; endsAt: Date | null } | null

/** A line's recorded access and its current state. */
export type ClassifiedLine = {
  kind: LineKind
  role: string
  endsAt: Date | null
  /** Set for grants. */
  now: GrantNow
  /** For bindings: whether the space still exists. */
  isThere: boolean
}

export type LineDecision = { decision: ReviewDecision; toRole?: Role | undefined }

const sameInstant = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime()
const roleOf = (text: string): Role | null => roles.find((role) => role === text) ?? null

/**
 * Compares a decision with the recorded and the current access, so that it applies only to what the reviewer saw.
 * @returns `act`: apply it; `ended`: nothing is left to decide; `changed`: the access differs from the line, so it
 *   needs a new decision; `unfit`: the decision doesn't apply to this kind of line
 */
export function classifyLine(
  line: ClassifiedLine,
  { decision, toRole }: LineDecision,
): 'act' | 'ended' | 'changed' | 'unfit' {
  if (line.kind === 'ownership') return 'unfit'
  if (line.kind === 'binding') {
    if (!line.isThere) return 'ended'
    return decision === 'keep' || decision === 'flag' ? 'act' : 'unfit'
  }
  const { now } = line
  if (now === null) return 'ended'
  if (now.role !== line.role || !sameInstant(now.endsAt, line.endsAt)) return 'changed'
  if (decision === 'flag') return 'unfit'
  if (decision === 'lower') return toRole && compareStanding(toRole, now.role) < 0 ? 'act' : 'unfit'
  return 'act'
}

/**
 * @returns what happens to an undecided line at the end. A role that was raised or extended since counts as granted
 *   again and stays; lowering or shortening it doesn't count as a review
 */
export function settleOpenLines(line: ClassifiedLine, rule: ReviewRule): 'keep' | 'revoke' | 'ended' | 'undecided' {
  if (line.kind !== 'grant') return line.isThere ? 'undecided' : 'ended'
  const { now } = line
  if (now === null) return 'ended'
  const role = roleOf(line.role)
  const isMore = role !== null && !givesLess(now, { role, endsAt: line.endsAt })
  return rule === 'keep' || isMore ? 'keep' : 'revoke'
}
