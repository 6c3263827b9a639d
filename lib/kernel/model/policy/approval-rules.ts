import { z } from 'zod'
import { approvalBounds } from './policy-bounds.ts'
import { type PolicyGroup, policyGroup } from './policy-group.ts'

const wrongNumber = `Enter a whole number from ${approvalBounds.min} to ${approvalBounds.max}.`
const approvals = z.int(wrongNumber).min(approvalBounds.min, wrongNumber).max(approvalBounds.max, wrongNumber)

const owner = z.strictObject({ who: z.literal('owner') })
const admins = z.strictObject({ who: z.literal('admins') })
const group = policyGroup.extend({ who: z.literal('group') })

/** Who decides on requests of a kind, and how many approvals a request needs. */
export const approvalRules = z.strictObject({
  /** For roles in a space. `owner`: the space’s owner, and platform admins. */
  roleRequests: z.strictObject({ deciders: z.discriminatedUnion('who', [owner, admins, group]), approvals }),
  /** For new spaces, larger sizes and later ends. */
  spaceRequests: z.strictObject({ deciders: z.discriminatedUnion('who', [admins, group]), approvals }),
})
export type ApprovalRules = z.infer<typeof approvalRules>

export type Rule = ApprovalRules[keyof ApprovalRules]
export type Deciders = Rule['deciders']

export const ruleOf = (rules: ApprovalRules, kind: 'role' | 'space' | 'size' | 'life'): Rule =>
  kind === 'role' ? rules.roleRequests : rules.spaceRequests

export function decidingGroups({ roleRequests, spaceRequests }: ApprovalRules): PolicyGroup[] {
  const groups = [roleRequests.deciders, spaceRequests.deciders].flatMap((deciders) =>
    deciders.who === 'group' ? [{ issuer: deciders.issuer, group: deciders.group }] : [],
  )
  return uniqueGroups(groups)
}

export const uniqueGroups = (groups: readonly PolicyGroup[]): PolicyGroup[] =>
  groups.filter(
    ({ issuer, group }, at) => groups.findIndex((one) => one.issuer === issuer && one.group === group) === at,
  )
