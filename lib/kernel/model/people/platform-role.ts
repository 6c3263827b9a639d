import { type PlatformRole, roleByGroups } from '#lib/kernel/model/access/role.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import { isBreakGlass } from './break-glass-account.ts'

/** What an account says of the platform role. */
export type Account = {
  issuer: string
  /** Of the last sign-in. */
  platformRole: PlatformRole
  /** When an activated role ends, or the break-glass account's; null: it is not activated. */
  adminUntil: Date | null
}

/** What the operator decides about platform roles. */
export type PlatformRoleRules = {
  /** The configured providers, without trailing slashes: only their groups give platform roles, each as its own configuration says. */
  issuers: readonly string[]
  policy: Pick<Policy, 'adminMinutes'>
}

/** What a person may do on the platform at an instant. */
export type PlatformRoleState = {
  platformRole: PlatformRole
  /** Whether their groups make them a platform admin, be the role activated or not. */
  isEligible: boolean
  /** When the role of a platform admin ends by itself; null: they don't have it, or it doesn't end. */
  adminUntil: Date | null
  isBreakGlass: boolean
}

/** Of somebody who has no say on the platform beyond their own. */
export const noPlatformRole: PlatformRoleState = {
  platformRole: 'member',
  isEligible: false,
  adminUntil: null,
  isBreakGlass: false,
}

/**
 * The one place that says whether somebody is a platform admin: by their groups, while the role is activated if it has
 * to be; or by the break-glass account, until its hour is over.
 */
export function platformRoleAt(
  account: Account,
  { issuers, policy: { adminMinutes } }: PlatformRoleRules,
  at: Date,
): PlatformRoleState {
  const until = account.adminUntil !== null && account.adminUntil > at ? account.adminUntil : null
  if (isBreakGlass(account))
    return { platformRole: until ? 'admin' : 'member', isEligible: false, adminUntil: until, isBreakGlass: true }
  const platformRole = roleByGroups(account, issuers)
  const isEligible = platformRole === 'admin'
  const others = { isEligible, isBreakGlass: false }
  if (!isEligible || adminMinutes === 0) return { platformRole, adminUntil: null, ...others }
  return { platformRole: until ? 'admin' : 'member', adminUntil: until, ...others }
}
