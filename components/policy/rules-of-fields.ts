import { roles } from '#lib/kernel/model/access/role.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'

/** The values of the policy form by field name, as the browser sends them. */
type PolicyFieldValues = Readonly<Record<string, unknown>>

/** @returns NaN: not a number */
const count = (text: unknown): number => (/^\d{1,6}$/.test(String(text)) ? Number(text) : Number.NaN)
const countOrNone = (text: unknown): number | null => (text === '' ? null : count(text))

function approvalOf(form: PolicyFieldValues, kind: keyof ApprovalRules): Record<string, unknown> {
  const who = form[`rules.${kind}.deciders.who`]
  const group = form[`rules.${kind}.deciders.group`] ?? ''
  return {
    // The group’s name counts only if a group decides.
    deciders: who === 'group' ? { who, issuer: form.issuer, group: String(group).trim() } : { who },
    approvals: count(form[`rules.${kind}.approvals`]),
  }
}

/** @returns the names in a text, one per line, each once */
export const linesOf = (text: unknown): string[] => [
  ...new Set(
    String(text ?? '')
      .split(/\r?\n/)
      .map((line) => line.trim())
      .filter((line) => line !== ''),
  ),
]

/** @returns the rules that the form’s fields set, unchecked: a field may have text that its rule doesn’t allow */
export function rulesOfFields(form: PolicyFieldValues) {
  const { issuer } = form
  return {
    spaceLimit: count(form['rules.spaceLimit']),
    maxSize: form['rules.maxSize'],
    longestSpaceDays: countOrNone(form['rules.longestSpaceDays']),
    longestRoleDays: Object.fromEntries(
      roles.map((role) => [role, countOrNone(form[`rules.longestRoleDays.${role}`])]),
    ),
    approvalRoles: roles.filter((role) => form[`rules.approvalRoles.${role}`] === 'on'),
    requestExpiryDays: count(form['rules.requestExpiryDays']),
    reasonRequired: form['rules.reasonRequired'] === 'on',
    roleRequests: approvalOf(form, 'roleRequests'),
    spaceRequests: approvalOf(form, 'spaceRequests'),
    longestCredentialHours: count(form['rules.longestCredentialHours']),
    credentialLimit: countOrNone(form['rules.credentialLimit']),
    freshSignInHours: countOrNone(form['rules.freshSignInHours']),
    groupHours: countOrNone(form['rules.groupHours']),
    unseenDays: countOrNone(form['rules.unseenDays']),
    exemptGroups: linesOf(form['rules.exemptGroups']).map((group) => ({ issuer, group })),
  }
}
