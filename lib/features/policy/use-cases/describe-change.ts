import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { ApprovalRules } from '#lib/kernel/model/policy/approval-rules.ts'
import { decidersInWords } from '#lib/kernel/model/policy/deciders-in-words.ts'
import type { PolicyGroup } from '#lib/kernel/model/policy/policy-group.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

/** Limit of groups in a row of the trail, next to the rules and a reason. The version itself has all groups. */
const maxNamed = 15
const maxLabelLength = 80

/** @returns the details of a change for the trail: the rules before and after, and only the groups that differ */
export function describeChange(before: PolicyRules, after: PolicyRules, issuer: string): Record<string, unknown> {
  const { exemptGroups: groupsBefore } = before
  const { exemptGroups: groupsAfter } = after
  const label = ({ group, issuer: from }: PolicyGroup) => groupLabel(group, from === issuer ? null : from)
  const [had, has] = [groupsBefore.map(label), groupsAfter.map(label)]
  return {
    before: shortened(before, issuer),
    after: shortened(after, issuer),
    ...named(
      'exempted',
      has.filter((group) => !had.includes(group)),
    ),
    ...named(
      'noLongerExempt',
      had.filter((group) => !has.includes(group)),
    ),
  }
}

/** The rules without the exempt groups, and with the deciders in words. */
function shortened({ exemptGroups: _, roleRequests, spaceRequests, ...rules }: PolicyRules, issuer: string) {
  const short = ({ deciders, approvals }: ApprovalRules[keyof ApprovalRules]) => ({
    deciders: decidersInWords(deciders, issuer).slice(0, maxLabelLength),
    approvals,
  })
  return { ...rules, roleRequests: short(roleRequests), spaceRequests: short(spaceRequests) }
}

const named = (key: string, groups: readonly string[]): Record<string, unknown> =>
  groups.length === 0
    ? {}
    : {
        [key]: groups.slice(0, maxNamed).map((group) => group.slice(0, maxLabelLength)),
        [`${key}Count`]: groups.length,
      }
