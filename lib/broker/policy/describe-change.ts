import { groupLabel } from '#lib/domain/group-label.ts'
import type { PolicyGroup, PolicyRules } from '#lib/domain/policy-rules.ts'

/** As many as fit into a row of the trail, with rules and a reason; the version itself has all. */
const maxNamed = 15
const maxLabelLength = 80

/** @returns what the trail says of a change: the rules before and after, and the groups that differ, not all there are */
export function describeChange(before: PolicyRules, after: PolicyRules, issuer: string): Record<string, unknown> {
  const { exemptGroups: groupsBefore, ...rulesBefore } = before
  const { exemptGroups: groupsAfter, ...rulesAfter } = after
  const label = ({ group, issuer: from }: PolicyGroup) => groupLabel(group, from === issuer ? null : from)
  const [had, has] = [groupsBefore.map(label), groupsAfter.map(label)]
  return {
    before: rulesBefore,
    after: rulesAfter,
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

const named = (key: string, groups: readonly string[]): Record<string, unknown> =>
  groups.length === 0
    ? {}
    : {
        [key]: groups.slice(0, maxNamed).map((group) => group.slice(0, maxLabelLength)),
        [`${key}Count`]: groups.length,
      }
