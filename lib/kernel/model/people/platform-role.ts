import { type PlatformRole, roleByGroups } from '#lib/kernel/model/access/role.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import { isBreakGlass } from './break-glass-account.ts'

export type Account = {
  issuer: string
  platformRole: PlatformRole
  /** When an activated role, or the break-glass account's, ends; null: it is not activated. */
  adminUntil: Date | null
}

export type PlatformRoleRules = {
  /**
   * The configured providers, without trailing slashes. Only their groups give platform roles, as each provider's
   * configuration says.
   */
  issuers: readonly string[]
  policy: Pick<Policy, 'adminMinutes'>
}

export type PlatformRoleState = {
  platformRole: PlatformRole
  /** Whether they are a platform admin by groups, activated or not. */
  isEligible: boolean
  /** When the role of a platform admin ends automatically; null: they don't have it, or it doesn't end. */
  adminUntil: Date | null
  isBreakGlass: boolean
}

export const noPlatformRole: PlatformRoleState = {
  platformRole: 'member',
  isEligible: false,
  adminUntil: null,
  isBreakGlass: false,
}

/**
 * Decides whether a person is a platform admin: by groups, with the role activated if required; or by the break-glass
 * account, for its hour.
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
