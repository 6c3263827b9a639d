import { givesLess } from '#lib/features/access/model/giving.ts'
import { compareStanding, type Role, roles } from '#lib/kernel/model/access/role.ts'
import type { LineKind, ReviewDecision, ReviewRule } from '#lib/kernel/model/requests/review.ts'

/** What a grant gives now; null: it ended or was removed, or its space is gone. */
export type GrantNow = { role: Role; endsAt: Date | null } | null

/** What a line says, and how things are. */
export type ClassifiedLine = {
  kind: LineKind
  role: string
  endsAt: Date | null
  /** Of a grant. */
  now: GrantNow
  /** Of a binding: whether its space is still there. */
  isThere: boolean
}

export type Wish = { decision: ReviewDecision; toRole?: Role | undefined }

const sameInstant = (a: Date | null, b: Date | null): boolean => a?.getTime() === b?.getTime()
const roleOf = (text: string): Role | null => roles.find((role) => role === text) ?? null

/**
 * Judges a decision by what a line says and what there is now, so that nothing is done that nobody decided.
 * @returns `act`: do it; `ended`: there is nothing left to decide about; `changed`: it is no longer what the line says, and
 *   has to be looked at again; `unfit`: this can’t be decided about such a line
 */
export function classifyLine(line: ClassifiedLine, { decision, toRole }: Wish): 'act' | 'ended' | 'changed' | 'unfit' {
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
 * @returns what becomes of a line at the end that nobody decided about. A role that was raised or extended since was given
 *   anew by somebody, and stays; one that was lowered or shortened wasn’t looked at for that
 */
export function settleOpenLines(line: ClassifiedLine, rule: ReviewRule): 'keep' | 'revoke' | 'ended' | 'undecided' {
  if (line.kind !== 'grant') return line.isThere ? 'undecided' : 'ended'
  const { now } = line
  if (now === null) return 'ended'
  const role = roleOf(line.role)
  const isMore = role !== null && !givesLess(now, { role, endsAt: line.endsAt })
  return rule === 'keep' || isMore ? 'keep' : 'revoke'
}
