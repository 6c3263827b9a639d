import { z } from 'zod'
import { linesOf, rulesOfFields } from '#components/policy/rules-of-fields.ts'
import { changePolicyInput } from '#lib/features/policy/use-cases/change-policy.ts'
import { tryPolicyInput } from '#lib/features/policy/use-cases/try-policy.ts'
import { roles } from '#lib/kernel/model/access/role.ts'
import { isGroupName } from '#lib/kernel/model/people/group-name.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { formWith } from '#lib/web/action/form-of.ts'

const number = z.string().regex(/^\d{1,6}$/, 'Enter a whole number.')
/** Empty: no limit. */
const days = z.string().regex(/^\d{0,6}$/, 'Enter a whole number of days, or leave this empty.')
const numberOrNone = z.string().regex(/^\d{0,6}$/, 'Enter a whole number, or leave this empty.')
/** A checkbox. Browsers send only checked ones. */
const checkbox = z.literal('on').optional()
const approvalFields = (kind: keyof ApprovalRules) => ({
  [`rules.${kind}.deciders.who`]: z.string(),
  [`rules.${kind}.deciders.group`]: z.string().max(1_000).default(''),
  [`rules.${kind}.approvals`]: number,
})

/** Field names are the paths of the values that they set, so that errors find their fields. */
const fields = {
  /** Derived from the fields below. */
  rules: z.never().optional(),
  do: z.string().optional(),
  base: number.transform(Number),
  /** The provider of the groups. */
  issuer: z.string().max(2_000),
  'rules.spaceLimit': number,
  'rules.maxSize': z.string(),
  'rules.longestSpaceDays': days,
  ...Object.fromEntries(roles.map((role) => [`rules.longestRoleDays.${role}`, days])),
  ...Object.fromEntries(roles.map((role) => [`rules.approvalRoles.${role}`, checkbox])),
  'rules.requestExpiryDays': number,
  'rules.reasonRequired': checkbox,
  'rules.exemptGroups': z
    .string()
    .max(60_000)
    .superRefine((text, ctx) => {
      const line = linesOf(text).findIndex((name) => !isGroupName(name))
      if (line >= 0)
        ctx.addIssue({ code: 'custom', message: `Group ${line + 1} isn’t a name that the identity provider can send.` })
    }),
  ...approvalFields('roleRequests'),
  ...approvalFields('spaceRequests'),
  'rules.longestCredentialHours': number,
  'rules.credentialLimit': numberOrNone,
  'rules.freshSignInHours': numberOrNone,
  'rules.groupHours': numberOrNone,
  'rules.unseenDays': days,
} satisfies z.ZodRawShape

/** The policy form, parsed for saving. */
export const changePolicyForm = formWith(changePolicyInput, fields, (form) => ({
  base: form.base,
  rules: rulesOfFields(form),
  reason: form.reason,
}))

/** The same form, parsed for a preview, without the reason. */
export const tryPolicyForm = formWith(tryPolicyInput, { ...fields, reason: z.string().optional() }, (form) => ({
  rules: rulesOfFields(form),
}))
