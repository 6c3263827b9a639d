import type { Role } from '#lib/kernel/model/access/role.ts'
import { dayMs } from '#lib/kernel/model/duration.ts'
import { ruleOf } from '#lib/kernel/model/policy/approval-rules.ts'
import { endsInTime, latestEnd, type PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import { type Size, sizeWithin } from '#lib/kernel/model/spaces/size.ts'

type SpaceName = { name: string; cluster: string }

/** A space as it was created: with its present size and end, since rows keep no others. */
export type TriedSpace = {
  space: SpaceName
  /** Whether it still has a page. */
  exists: boolean
  owner: string
  size: Size
  endsAt: Date | null
  at: Date
  /** Whether a request was approved for it. */
  approved: boolean
  /** How many spaces counted as its owner's before. */
  ownedBefore: number
  exempt: boolean
}

/** A role that somebody gave directly. */
export type TriedGrant = {
  space: SpaceName
  exists: boolean
  /** Who got it. */
  to: string
  role: Role
  startsAt: Date
  endsAt: Date | null
  at: Date
  /** Whether the giver is in a group that is exempt. */
  exempt: boolean
}

/** A request that was approved or denied. */
export type TriedRequest = {
  id: string
  requester: string
  state: 'approved' | 'denied'
  kind: 'role' | 'space' | 'size' | 'life'
  /** How many people approved it. */
  approvals: number
  /** What it gave: a role until an end, or a space until an end; null: a size, or nothing. */
  gave: { role: Role | null; endsAt: Date | null } | null
  createdAt: Date
  at: Date
  /** Whether the person who decided is in a group that is exempt: approvals are held to their rules. */
  exempt: boolean
}

export type TrialOutcome = 'refused' | 'approval'
type Verdict = { outcome: TrialOutcome; why: string }

const tooLong = (what: string, longest: number | null): Verdict => ({
  outcome: 'refused',
  why: `${what} would have had to end within ${longest} ${longest === 1 ? 'day' : 'days'}`,
})

/** @returns what the rules would have done with a space that was created; null: nothing */
export function checkSpace(rules: PolicyRules, space: TriedSpace): Verdict | null {
  if (space.exempt) return null
  if (!endsInTime(space.endsAt, latestEnd(space.at, rules.longestSpaceDays)))
    return tooLong('The space', rules.longestSpaceDays)
  if (space.approved) return null
  if (space.ownedBefore >= rules.spaceLimit)
    return { outcome: 'approval', why: `The owner had ${space.ownedBefore} already` }
  if (!sizeWithin(space.size, rules.maxSize)) return { outcome: 'approval', why: `Size ${space.size}` }
  return null
}

/** @returns what the rules would have done with a role that was given; null: nothing */
export function checkGrant(rules: PolicyRules, grant: TriedGrant): Verdict | null {
  if (grant.exempt) return null
  if (rules.approvalRoles.includes(grant.role)) return { outcome: 'approval', why: `The role ${grant.role}` }
  const longest = rules.longestRoleDays[grant.role]
  return endsInTime(grant.endsAt, latestEnd(grant.startsAt, longest))
    ? null
    : tooLong(`The role ${grant.role}`, longest)
}

/** @returns what the rules would have done with a request that was decided; null: nothing */
export function checkRequest(rules: PolicyRules, request: TriedRequest): Verdict | null {
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

/** What the rules would have done with one kind of thing. */
export type Trial<T> = {
  /** How many were looked at. */
  tried: number
  /** Whether there were more than were looked at: the numbers are then of the newest. */
  more: boolean
  refused: number
  approval: number
  /** The newest ones that the rules would have changed. */
  newest: (T & Verdict)[]
}

/** @param things newest first, at most one more than `most` */
export function tryOn<T>(things: readonly T[], judge: (thing: T) => Verdict | null, most: number): Trial<T> {
  const judged = things.slice(0, most).flatMap((thing) => {
    const verdict = judge(thing)
    return verdict ? [{ ...thing, ...verdict }] : []
  })
  const refused = judged.filter(({ outcome }) => outcome === 'refused').length
  return {
    tried: Math.min(things.length, most),
    more: things.length > most,
    refused,
    approval: judged.length - refused,
    newest: judged.slice(0, 20),
  }
}

/** What came of the policy’s form: a new version, or a trial. */
export type PolicyAnswer = { saved: number } | { trial: PolicyTrial }

export type PolicyTrial = {
  spaces: Trial<TriedSpace>
  grants: Trial<TriedGrant>
  requests: Trial<TriedRequest>
  /** How many people’s roles from groups would be paused now. */
  pausing: number
  /** How many people have not been seen for so long that they would be warned now, and deactivated two weeks later. */
  unseen: number
}
