import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import { endsInTime, latestEnd, type PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { type Size, sizeWithin } from '#lib/kernel/model/spaces/size.ts'

type SpaceName = { name: string; cluster: string }

/** A space at its creation, but with its current size and end, since rows don't keep former ones. */
export type TrialSpace = {
  space: SpaceName
  /** Whether it still has a page. */
  exists: boolean
  owner: string
  size: Size
  endsAt: Date | null
  at: Date
  /** Whether a request was approved for it. */
  approved: boolean
  /** The number of spaces that counted as its owner's before. */
  ownedBefore: number
  exempt: boolean
}

/** A role that was granted directly. */
export type TrialGrant = {
  space: SpaceName
  exists: boolean
  /** The person or group that got it. */
  to: string
  role: Role
  startsAt: Date
  endsAt: Date | null
  at: Date
  /** Whether the granter is in an exempt group. */
  exempt: boolean
}

/** A request that was approved or denied. */
export type TrialRequest = {
  id: string
  requester: string
  state: 'approved' | 'denied'
  kind: 'role' | 'space' | 'size' | 'life'
  /** The number of people who approved it. */
  approvals: number
  /** A role or a space with its end; null: a size, or nothing. */
  gave: { role: Role | null; endsAt: Date | null } | null
  createdAt: Date
  at: Date
  /** Whether the approver is in an exempt group: approvals follow the approver's limits. */
  exempt: boolean
}

export type TrialOutcome = 'refused' | 'approval'
type Verdict = { outcome: TrialOutcome; why: string }

const tooLong = (what: string, longest: number | null): Verdict => ({
  outcome: 'refused',
  why: `${what} would have had to end within ${longest} ${longest === 1 ? 'day' : 'days'}`,
})

/** @returns what the rules would have done with a created space; null: nothing */
export function checkSpace(rules: PolicyRules, space: TrialSpace): Verdict | null {
  if (space.exempt) return null
  if (!endsInTime(space.endsAt, latestEnd(space.at, rules.longestSpaceDays)))
    return tooLong('The space', rules.longestSpaceDays)
  if (space.approved) return null
  if (space.ownedBefore >= rules.spaceLimit)
    return { outcome: 'approval', why: `The owner already had ${space.ownedBefore}` }
  if (!sizeWithin(space.size, rules.maxSize)) return { outcome: 'approval', why: `Size ${space.size}` }
  return null
}

/** @returns what the rules would have done with a granted role; null: nothing */
export function checkGrant(rules: PolicyRules, grant: TrialGrant): Verdict | null {
  if (grant.exempt) return null
  if (rules.approvalRoles.includes(grant.role)) return { outcome: 'approval', why: `The role ${grant.role}` }
  const longest = rules.longestRoleDays[grant.role]
  return endsInTime(grant.endsAt, latestEnd(grant.startsAt, longest))
    ? null
    : tooLong(`The role ${grant.role}`, longest)
}

/** @returns what the rules would have done with a decided request; null: nothing */
export function checkRequest(rules: PolicyRules, request: TrialRequest): Verdict | null {
  if (request.at.getTime() - request.createdAt.getTime() > rules.requestExpiryDays * dayMs)
    return { outcome: 'refused', why: 'It would have expired before the decision' }
  if (request.state === 'denied') return null
  const needed = ruleOf(rules, request.kind).approvals
  if (request.approvals < needed)
    return { outcome: 'approval', why: `It had ${request.approvals} of ${needed} approvals` }
  if (request.gave === null || request.exempt) return null
  const { role, endsAt } = request.gave
  const longest = role === null ? rules.longestSpaceDays : rules.longestRoleDays[role]
  return endsInTime(endsAt, latestEnd(request.at, longest))
    ? null
    : tooLong(role === null ? 'The space' : `The role ${role}`, longest)
}

/** What the rules would have done in one category. */
export type Trial<T> = {
  /** The number checked. */
  tried: number
  /** Whether there were more. The numbers then cover the newest. */
  more: boolean
  refused: number
  approval: number
  /** The newest ones that the rules would have changed. */
  newest: (T & Verdict)[]
}

/** @param things newest first, at most one more than `most` */
export function tryRules<T>(things: readonly T[], check: (thing: T) => Verdict | null, most: number): Trial<T> {
  const affected = things.slice(0, most).flatMap((thing) => {
    const verdict = check(thing)
    return verdict ? [{ ...thing, ...verdict }] : []
  })
  const refused = affected.filter(({ outcome }) => outcome === 'refused').length
  return {
    tried: Math.min(things.length, most),
    more: things.length > most,
    refused,
    approval: affected.length - refused,
    newest: affected.slice(0, 20),
  }
}

/** The result of submitting the form: a new version, or a trial. */
export type PolicyAnswer = { saved: number } | { trial: PolicyTrial }

export type PolicyTrial = {
  spaces: Trial<TrialSpace>
  grants: Trial<TrialGrant>
  requests: Trial<TrialRequest>
  /** The number of people whose roles from groups would be suspended now. */
  suspended: number
  /** The number of people who would be warned of deactivation now, and deactivated two weeks later. */
  unseen: number
}
