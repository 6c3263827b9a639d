import type { TokenRules } from '#lib/kernel/db/scim/token-in-force-sql.ts'
import type { Services } from '#lib/kernel/use-case/context.ts'

/** @returns the rules that decide whether a provisioning token currently works */
export const tokenRules = ({ clock, issuers, policy }: Pick<Services, 'clock' | 'issuers' | 'policy'>): TokenRules => ({
  at: clock(),
  issuers,
  adminMinutes: policy.adminMinutes,
})
