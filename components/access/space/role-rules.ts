import type { Role } from '#lib/kernel/model/access/role.ts'

/** What the policy says of roles that somebody gives. */
export type RoleRules = {
  /** Roles that are only given through a request. */
  approvalRoles: readonly Role[]
  /** Whether the policy limits how long some role lasts. */
  limited: boolean
}

/** @returns the hint of a last day */
export const lastDayHint = ({ limited }: RoleRules): string =>
  `At the end of this day (UTC). ${limited ? 'The policy limits how long a role lasts.' : 'Leave empty for no end date.'}`
