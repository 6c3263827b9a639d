import { type Role, roles } from '#lib/kernel/model/access/role.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import { decidersInWords } from '#lib/kernel/model/policy/deciders-in-words.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

/** One rule that differs, in words. */
export type PolicyDifference = { rule: string; before: string; after: string }

/** A draft may have NaN, for text that is no number. */
const number = (count: number): string => (Number.isNaN(count) ? 'not a number' : String(count))

const inUnits = (count: number | null, unit: string): string =>
  count === null ? 'no limit' : Number.isNaN(count) ? number(count) : inNumber(count, unit)

const days = (count: number | null): string => inUnits(count, 'day')

const hours = (count: number | null): string => inUnits(count, 'hour')

const groups = (all: readonly PolicyGroup[], issuer: string): string =>
  all.map((one) => groupLabel(one.group, one.issuer === issuer ? null : one.issuer)).join(', ') || 'none'

/** The rules in the order of the form, each with its value in words. */
const words: readonly { rule: string; of: (rules: PolicyRules, issuer: string) => string }[] = [
  { rule: 'Spaces per person', of: ({ spaceLimit }) => number(spaceLimit) },
  { rule: 'Largest size without approval', of: ({ maxSize }) => maxSize },
  { rule: 'Maximum lifetime of a space', of: ({ longestSpaceDays }) => days(longestSpaceDays) },
  ...roles.map((role: Role) => ({
    rule: `Maximum duration of the ${role} role`,
    of: ({ longestRoleDays }: PolicyRules) => days(longestRoleDays[role]),
  })),
  {
    rule: 'Roles that need approval',
    of: ({ approvalRoles }) => roles.filter((role) => approvalRoles.includes(role)).join(', ') || 'none',
  },
  {
    rule: 'Who decides on roles',
    of: ({ roleRequests }, issuer) => decidersInWords(roleRequests.deciders, issuer),
  },
  { rule: 'Approvals for a role', of: ({ roleRequests }) => number(roleRequests.approvals) },
  {
    rule: 'Who decides on spaces, sizes and lifetimes',
    of: ({ spaceRequests }, issuer) => decidersInWords(spaceRequests.deciders, issuer),
  },
  { rule: 'Approvals for a space, size or lifetime', of: ({ spaceRequests }) => number(spaceRequests.approvals) },
  { rule: 'Requests expire after', of: ({ requestExpiryDays }) => days(requestExpiryDays) },
  { rule: 'Requests need a reason', of: ({ reasonRequired }) => (reasonRequired ? 'yes' : 'no') },
  { rule: 'Exempt groups', of: ({ exemptGroups }, issuer) => groups(exemptGroups, issuer) },
  { rule: 'Maximum lifetime of a kubeconfig', of: ({ longestCredentialHours }) => hours(longestCredentialHours) },
  {
    rule: 'Active kubeconfigs per person',
    of: ({ credentialLimit }) => (credentialLimit === null ? 'no limit' : number(credentialLimit)),
  },
  {
    rule: 'Longest kubeconfig without a fresh sign-in',
    of: ({ freshSignInHours }) => hours(freshSignInHours),
  },
  {
    rule: 'Time until unconfirmed groups are suspended',
    of: ({ groupHours }) => (groupHours === null ? 'never' : hours(groupHours)),
  },
  {
    rule: 'Inactivity until deactivation',
    of: ({ unseenDays }) => (unseenDays === null ? 'never' : days(unseenDays)),
  },
]

/** @returns all rules in words, in the order of the form */
export const policyInWords = (rules: PolicyRules, issuer: string): { rule: string; value: string }[] =>
  words.map(({ rule, of }) => ({ rule, value: of(rules, issuer) }))

/**
 * @param issuer the configured provider, which is omitted from its groups' names
 * @returns the differences between two versions
 */
export const policyDifferences = (before: PolicyRules, after: PolicyRules, issuer: string): PolicyDifference[] =>
  words
    .map(({ rule, of }) => ({ rule, before: of(before, issuer), after: of(after, issuer) }))
    .filter((one) => one.before !== one.after)
