import { type PlatformRole, roleByGroups } from '#lib/kernel/model/access/role.ts'
import type { Policy } from '#lib/kernel/model/policy/policy.ts'
import { isSealed } from './break-glass-account.ts'

/** What an account says of the platform role. */
export type Account = {
  issuer: string
  /** Of the last sign-in. */
  platformRole: PlatformRole
  /** When an activated role ends, or the sealed account's; null: it is not activated. */
  adminUntil: Date | null
}

/** What the operator decides about platform roles. */
export type OfficeRules = {
  /** The configured providers, without trailing slashes: only their groups give platform roles, each as its own configuration says. */
  issuers: readonly string[]
  policy: Pick<Policy, 'adminMinutes'>
}

/** What a person may do on the platform at an instant. */
export type Office = {
  platformRole: PlatformRole
  /** Whether their groups make them a platform admin, be the role activated or not. */
  isEligible: boolean
  /** When the role of a platform admin ends by itself; null: they don't have it, or it doesn't end. */
  adminUntil: Date | null
  isSealed: boolean
}

/** Of somebody who has no say on the platform beyond their own. */
export const noOffice: Office = { platformRole: 'member', isEligible: false, adminUntil: null, isSealed: false }

/**
 * The one place that says whether somebody is a platform admin: by their groups, while the role is activated if it has
 * to be; or by the sealed account, until its hour is over.
 */
export function officeAt(account: Account, { issuers, policy: { adminMinutes } }: OfficeRules, at: Date): Office {
  const until = account.adminUntil !== null && account.adminUntil > at ? account.adminUntil : null
  if (isSealed(account))
    return { platformRole: until ? 'admin' : 'member', isEligible: false, adminUntil: until, isSealed: true }
  const platformRole = roleByGroups(account, issuers)
  const isEligible = platformRole === 'admin'
  const others = { isEligible, isSealed: false }
  if (!isEligible || adminMinutes === 0) return { platformRole, adminUntil: null, ...others }
  return { platformRole: until ? 'admin' : 'member', adminUntil: until, ...others }
}
