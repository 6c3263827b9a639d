import { z } from 'zod'
import { changePolicyInput } from '#lib/features/policy/use-cases/change-policy.ts'
import { tryPolicyInput } from '#lib/features/policy/use-cases/try-policy.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { formWith } from '#lib/web/action/form-of.ts'

const number = z
  .string()
  .regex(/^\d{1,6}$/, 'Enter a whole number.')
  .transform(Number)
/** Empty: no limit. */
const longest = z
  .string()
  .regex(/^\d{0,6}$/, 'Enter a whole number of days, or leave this empty.')
  .transform((text) => (text === '' ? null : Number(text)))
const mostOrNone = z
  .string()
  .regex(/^\d{0,6}$/, 'Enter a whole number, or leave this empty.')
  .transform((text) => (text === '' ? null : Number(text)))
/** A checkbox. Browsers send only checked ones. */
const checked = z
  .literal('on')
  .optional()
  .transform((value) => value === 'on')
/** Who decides on one kind of requests. The group's name counts only if a group decides. */
const approvalFields = (kind: keyof ApprovalRules) => ({
  [`rules.${kind}.deciders.who`]: z.string(),
  [`rules.${kind}.deciders.group`]: z.string().max(1_000).default(''),
  [`rules.${kind}.approvals`]: number,
})

const lines = z
  .string()
  .max(60_000)
  .transform((text) => text.split(/\r?\n/).map((line) => line.trim()))
  .transform((all) => [...new Set(all.filter((line) => line !== ''))])

/** Field names are the paths of the values that they set, so that errors find their fields. */
const fields = {
  /** Derived from the fields below. */
  rules: z.never().optional(),
  do: z.string().optional(),
  /** The provider of the groups. */
  issuer: z.string().max(2_000),
  'rules.spaceLimit': number,
  'rules.maxSize': z.string(),
  'rules.longestSpaceDays': longest,
  ...Object.fromEntries(roles.map((role) => [`rules.longestRoleDays.${role}`, longest])),
  ...Object.fromEntries(roles.map((role) => [`rules.approvalRoles.${role}`, checked])),
  'rules.requestExpiryDays': number,
  'rules.reasonRequired': checked,
  'rules.exemptGroups': lines,
  ...approvalFields('roleRequests'),
  ...approvalFields('spaceRequests'),
  'rules.longestCredentialHours': number,
  'rules.credentialLimit': mostOrNone,
  'rules.freshSignInHours': mostOrNone,
  'rules.groupHours': mostOrNone,
  'rules.unseenDays': longest,
} satisfies z.ZodRawShape

function approvalOf(form: Record<string, unknown>, kind: keyof ApprovalRules): Record<string, unknown> {
  const who = form[`rules.${kind}.deciders.who`]
  const group = form[`rules.${kind}.deciders.group`]
  return {
    deciders:
      who === 'group' ? { who, issuer: form.issuer, group: typeof group === 'string' ? group.trim() : group } : { who },
    approvals: form[`rules.${kind}.approvals`],
  }
}

/** @returns the rules that the form's fields set */
function rulesOf(form: Record<string, unknown>): Record<string, unknown> {
  const { issuer } = form
  return {
    spaceLimit: form['rules.spaceLimit'],
    maxSize: form['rules.maxSize'],
    longestSpaceDays: form['rules.longestSpaceDays'],
    longestRoleDays: Object.fromEntries(roles.map((role) => [role, form[`rules.longestRoleDays.${role}`]])),
    approvalRoles: roles.filter((role) => form[`rules.approvalRoles.${role}`] === true),
    requestExpiryDays: form['rules.requestExpiryDays'],
    reasonRequired: form['rules.reasonRequired'],
    roleRequests: approvalOf(form, 'roleRequests'),
    spaceRequests: approvalOf(form, 'spaceRequests'),
    longestCredentialHours: form['rules.longestCredentialHours'],
    credentialLimit: form['rules.credentialLimit'],
    freshSignInHours: form['rules.freshSignInHours'],
    groupHours: form['rules.groupHours'],
    unseenDays: form['rules.unseenDays'],
    exemptGroups: Array.isArray(form['rules.exemptGroups'])
      ? form['rules.exemptGroups'].map((group) => ({ issuer, group }))
      : [],
  }
}

/** The policy form, parsed for saving. */
export const changePolicyForm = formWith(changePolicyInput, { ...fields, base: number }, (form) => ({
  base: form.base,
  rules: rulesOf(form),
  reason: form.reason,
}))

/** The same form, parsed for a trial, without the reason. */
export const tryPolicyForm = formWith(
  tryPolicyInput,
  { ...fields, base: number, reason: z.string().optional() },
  (form) => ({ rules: rulesOf(form) }),
)
