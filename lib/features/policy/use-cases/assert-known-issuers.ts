import { AppError } from '#lib/kernel/model/errors.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** The fields in which groups are named, as the form calls them. */
const deciding = ['roleRequests', 'spaceRequests'] as const

/**
 * Checks that the rules name only groups of configured identity providers: those of any other have no members, or
 * become somebody else's when the operator configures that issuer later.
 * @throws AppError bad_input
 */
export function assertKnownIssuers({ issuers }: Pick<BrokerContext, 'issuers'>, rules: PolicyRules): void {
  const unknown = (groups: readonly { issuer: string }[]) => groups.find(({ issuer }) => !issuers.includes(issuer))
  const fields: Record<string, string> = {}
  const refuse = (field: string, found: { issuer: string } | undefined) => {
    if (found) fields[field] = `The identity provider ${found.issuer || '“”'} is not configured.`
  }
  refuse('rules.exemptGroups', unknown(rules.exemptGroups))
  for (const kind of deciding) {
    const { deciders } = rules[kind]
    if (deciders.who === 'group') refuse(`rules.${kind}.deciders.group`, unknown([deciders]))
  }
  const [sentence] = Object.values(fields)
  if (sentence !== undefined) throw new AppError('bad_input', { sentence, fields })
}
