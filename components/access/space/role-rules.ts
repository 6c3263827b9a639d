import { dayIn } from '#components/ui/form/date-presets.ts'
import type { Role } from '#lib/kernel/model/access/role.ts'

/** The policy's rules for granting roles. */
export type RoleRules = {
  /** Roles that are only granted through a request. */
  approvalRoles: readonly Role[]
  /** Whether the policy limits the duration of some role. */
  limited: boolean
}

/** @returns the hint of the last-day field */
export const lastDayHint = ({ limited }: RoleRules): string =>
  `At the end of this day (UTC). ${limited ? 'The policy limits how long a role lasts.' : 'Leave empty for no end date.'}`

const usualDays = 30

/**
 * @param longestDays the policy's limit; null: none
 * @returns the last day, `YYYY-MM-DD`, that the form for new members starts with
 */
export const usualLastDay = (tomorrow: string, longestDays: number | null): string =>
  dayIn(tomorrow, Math.min(usualDays, longestDays ?? usualDays))
