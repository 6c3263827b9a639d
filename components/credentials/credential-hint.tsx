import { type PolicyRules, policyBounds } from '#lib/domain/policy-rules.ts'
import { minutesInWords } from '#lib/domain/role-term.ts'

type Props = { policy: Pick<PolicyRules, 'longestCredentialHours' | 'credentialLimit'> }

/** What the policy says of kubeconfigs, below the form that makes one. Nothing if it says nothing of its own. */
export function CredentialHint({ policy: { longestCredentialHours, credentialLimit } }: Props) {
  const hints = [
    ...(longestCredentialHours < policyBounds.credentialHours.max
      ? [`The policy allows a lifetime of ${minutesInWords(longestCredentialHours * 60)} at most.`]
      : []),
    ...(credentialLimit === null
      ? []
      : [`You can have ${credentialLimit} working ${credentialLimit === 1 ? 'kubeconfig' : 'kubeconfigs'} at a time.`]),
  ]
  return hints.length > 0 ? <p className="mt-3 text-muted text-sm">{hints.join(' ')}</p> : null
}
