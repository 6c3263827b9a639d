import { AppError } from '#lib/kernel/model/errors.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/** The form fields with groups. */
const deciding = ['roleRequests', 'spaceRequests'] as const

/**
 * Checks that all groups in the rules belong to configured identity providers. Groups of other issuers have no members
 * now, but would get some if the operator configured that issuer later.
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
