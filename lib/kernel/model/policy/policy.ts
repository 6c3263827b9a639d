import type { Reach } from '#lib/kernel/model/access/reach.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { type Size, sizes, sizeWithin } from '#lib/kernel/model/spaces/size.ts'
import { endsInTime, latestEnd, needsApproval, type PolicyRules } from './policy-rules.ts'

/** `open`: people and groups are found by parts of their names; `exact`: only by the whole handle or group name. */
export type Directory = 'open' | 'exact'

/**
 * The policy for one person: the newest rules as they apply to them (policy-rules.ts), and the operator's settings
 * (lib/config).
 */
export type Policy = PolicyRules & OperatorPolicy

type OperatorPolicy = {
  namespacePrefix: string
  /** Reserved names, and families ending in `*`, in addition to those of reserved-names.ts. */
  reservedNames: readonly string[]
  /** How many days the name of a deleted space stays reserved for its former owner. */
  nameReservedDays: number
  /** The default lifetime of a credential in hours, unless the policy allows less. */
  credentialDefaultHours: number
  offerExpiryDays: number
  /** The reach of workloads, the same for every space. */
  reach: Reach
  directory: Directory
  /** Maximum minutes for which platform admins activate their role; 0: it is always active. */
  adminMinutes: number
  /** Names of groups that may be pushed although they give a platform role, decide on requests or are exempt. */
  pushedPrivilegedGroups: readonly string[]
}

export type Excess = 'space_limit' | 'size_limit'

/**
 * @param size of the requested space
 * @param owned how many spaces count towards the limit (lib/kernel/db/spaces/count-owned-spaces.ts)
 * @returns the exceeded limits; empty: no approval needed
 */
export function excessOf(policy: Policy, size: Size, owned: number): Excess[] {
  const excess: Excess[] = []
  if (owned >= policy.spaceLimit) excess.push('space_limit')
  if (!sizeWithin(size, policy.maxSize)) excess.push('size_limit')
  return excess
}

export function excessSentence(policy: Policy, excess: Excess): string {
  if (excess === 'space_limit') {
    return `Your limit is ${policy.spaceLimit} ${policy.spaceLimit === 1 ? 'space' : 'spaces'}. One more needs approval.`
  }
  const greater = sizes.filter((size) => !sizeWithin(size, policy.maxSize))
  return `Size ${greater.join(' or ')} needs approval. You can have up to size ${policy.maxSize} without approval.`
}

const dayOf = (at: Date): string => at.toISOString().slice(0, 10)
const days = (count: number): string => `${count} ${count === 1 ? 'day' : 'days'}`

/** @throws AppError space_too_long if a space has no end, or a later one than the policy allows */
export function assertSpaceEnds({ longestSpaceDays }: Policy, now: Date, end: Date | null): void {
  const latest = latestEnd(now, longestSpaceDays)
  if (longestSpaceDays === null || latest === null || endsInTime(end, latest)) return
  const sentence = `A space lasts ${days(longestSpaceDays)} at most. Choose an end up to ${dayOf(latest)}.`
  throw new AppError('space_too_long', { sentence, fields: { endsAt: sentence } })
}

/**
 * @param start of the role, from which its days are counted
 * @throws AppError role_too_long if a role has no end, or a later one than the policy allows
 */
export function assertRoleEnds({ longestRoleDays }: Policy, start: Date, role: Role, end: Date | null): void {
  const latest = latestEnd(start, longestRoleDays[role])
  const longest = longestRoleDays[role]
  if (longest === null || latest === null || endsInTime(end, latest)) return
  const sentence = `The role ${role} lasts ${days(longest)} at most. Choose an end up to ${dayOf(latest)}.`
  throw new AppError('role_too_long', { sentence, fields: { endsAt: sentence, minutes: sentence } })
}

/** @throws AppError role_needs_approval for a role that must be requested */
export function assertGivenDirectly(policy: Policy, role: Role): void {
  if (!needsApproval(policy, role)) return
  const sentence = `The role ${role} needs approval, so it can’t be given directly. Ask the person to request it.`
  throw new AppError('role_needs_approval', { sentence, fields: { role: sentence } })
}

/** @throws AppError bad_input when a required reason is missing */
export function assertRequestReason(policy: Policy, reason: string): void {
  if (!lacksReason(policy, reason)) return
  const sentence = 'Give a reason, so someone can decide.'
  throw new AppError('bad_input', { sentence, fields: { reason: sentence } })
}

export const lacksReason = ({ reasonRequired }: Policy, reason: string): boolean => reasonRequired && reason.length < 3

/** @returns the instant since which names of deleted spaces are reserved for their former owners */
export const namesReservedSince = (policy: Policy, now: Date): Date =>
  new Date(now.getTime() - policy.nameReservedDays * 86_400_000)

export const defaultCredentialHours = ({ credentialDefaultHours, longestCredentialHours }: Policy): number =>
  Math.min(credentialDefaultHours, longestCredentialHours)

/**
 * @param hours the requested lifetime; undefined: the default
 * @returns when a credential ends; @throws AppError lifetime_too_long, bad_input
 */
export function credentialEnd(policy: Policy, now: Date, hours: number | undefined): Date {
  const requested = hours ?? defaultCredentialHours(policy)
  if (!Number.isFinite(requested) || requested <= 0)
    throw new AppError('bad_input', { fields: { hours: 'Choose a lifetime.' } })
  const longest = policy.longestCredentialHours
  if (requested > longest) {
    const sentence = `The policy allows a kubeconfig ${longest} ${longest === 1 ? 'hour' : 'hours'} at most. Choose a shorter time.`
    throw new AppError('lifetime_too_long', { sentence, fields: { hours: sentence } })
  }
  return new Date(now.getTime() + requested * 3_600_000)
}
