import { z } from 'zod'
import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { defaultFreshSignInHours } from '#lib/kernel/model/people/fresh-sign-in.ts'
import { defaultGroupHours } from '#lib/kernel/model/people/group-lifetime.ts'
import { type Size, sizes } from '#lib/kernel/model/spaces/size.ts'
import { type ApprovalRules, approvalRules } from './approval-rules.ts'
import { policyBounds } from './policy-bounds.ts'
import { type PolicyGroup, policyGroup } from './policy-group.ts'

const within = ({ min, max }: { min: number; max: number }) => {
  const message = `Enter a whole number from ${min} to ${max}.`
  return z.int(message).min(min, message).max(max, message)
}
const longest = within(policyBounds.days).nullable()

const sameGroup = (a: PolicyGroup, b: PolicyGroup): boolean => a.issuer === b.issuer && a.group === b.group

/** The rules on the policy page, as a version stores them. */
export const policyRules = z.strictObject({
  spaceLimit: within(policyBounds.spaceLimit),
  maxSize: z.enum(sizes),
  /** Maximum days of a space, from any change of its end; null: no limit. */
  longestSpaceDays: longest,
  /** Maximum days of a role, from when it is given; null: no limit. */
  longestRoleDays: z.strictObject({ viewer: longest, editor: longest, admin: longest }),
  /** Roles that can't be given directly. */
  approvalRoles: z
    .array(z.enum(roles))
    .max(roles.length)
    .refine((all) => new Set(all).size === all.length, 'Each role once.'),
  requestExpiryDays: within(policyBounds.requestDays),
  /** People in these groups are exempt from the limits on spaces and roles, and need no approval. */
  exemptGroups: z
    .array(policyGroup)
    .max(policyBounds.exemptGroups, `At most ${policyBounds.exemptGroups} groups.`)
    .refine(
      (all) => all.every((one, at) => all.findIndex((other) => sameGroup(one, other)) === at),
      'Each group once.',
    ),
  reasonRequired: z.boolean(),
  ...approvalRules.shape,
  longestCredentialHours: within(policyBounds.credentialHours),
  /** Active credentials per person; null: only Spaceport's own limit. */
  credentialLimit: within(policyBounds.credentials).nullable(),
  /** Hours after which roles from groups are suspended unless the provider confirms the groups; null: never. */
  groupHours: within(policyBounds.groupHours).nullable(),
  /** Null: never. */
  unseenDays: within(policyBounds.unseenDays).nullable(),
  /** Hours for which a credential needs no fresh sign-in; null: never needs one. */
  freshSignInHours: within(policyBounds.freshSignInHours).nullable(),
})
export type PolicyRules = z.infer<typeof policyRules>

/** Defaults for rules that versions of earlier releases don't have, as those releases behaved. */
export const laterRules: ApprovalRules &
  Pick<PolicyRules, 'longestCredentialHours' | 'credentialLimit' | 'groupHours' | 'unseenDays' | 'freshSignInHours'> = {
  roleRequests: { deciders: { who: 'owner' }, approvals: 1 },
  spaceRequests: { deciders: { who: 'admins' }, approvals: 1 },
  longestCredentialHours: policyBounds.credentialHours.max,
  credentialLimit: null,
  groupHours: null,
  unseenDays: null,
  freshSignInHours: null,
}

/** @returns the rules until a version is saved: two from the environment, the others Spaceport's defaults */
export const rulesOfConfiguration = (configured: { spaceLimit: number; maxSize: Size }): PolicyRules => ({
  ...configured,
  longestSpaceDays: null,
  longestRoleDays: { viewer: null, editor: null, admin: null },
  approvalRoles: [],
  requestExpiryDays: 7,
  exemptGroups: [],
  reasonRequired: true,
  ...laterRules,
  groupHours: defaultGroupHours,
  freshSignInHours: defaultFreshSignInHours,
})

/** The person to whom the policy applies; `issuer` is their provider's, without trailing slashes. */
export type PolicySubject = { issuer: string; groups: readonly string[] }

const isIn = (person: PolicySubject, { issuer, group }: PolicyGroup): boolean =>
  person.issuer === issuer && person.groups.includes(group)

/** @returns whether a person is exempt from the limits on spaces and roles, and from their approvals */
export const isExempt = ({ exemptGroups }: PolicyRules, person: PolicySubject): boolean =>
  exemptGroups.some((group) => isIn(person, group))

/** A limit that no person reaches and that fits Postgres. */
const noSpaceLimit = 1_000_000

/** @returns the rules as they apply to one person: exempt people have no limits on spaces and roles */
export function rulesFor(rules: PolicyRules, person: PolicySubject): PolicyRules {
  if (!isExempt(rules, person)) return rules
  return {
    ...rules,
    spaceLimit: noSpaceLimit,
    maxSize: sizes[sizes.length - 1] ?? rules.maxSize,
    longestSpaceDays: null,
    longestRoleDays: { viewer: null, editor: null, admin: null },
    approvalRoles: [],
  }
}

export const needsApproval = (rules: PolicyRules, role: Role): boolean => rules.approvalRoles.includes(role)

/**
 * @param days null: no limit
 * @returns the last allowed instant: that many days from now, at the end of the day (UTC)
 */
export function latestEnd(now: Date, days: number | null): Date | null {
  if (days === null) return null
  const end = new Date(now)
  end.setUTCDate(end.getUTCDate() + days)
  end.setUTCHours(23, 59, 59, 999)
  return end
}

export const endsInTime = (end: Date | null, latest: Date | null): boolean =>
  latest === null || (end !== null && end <= latest)
