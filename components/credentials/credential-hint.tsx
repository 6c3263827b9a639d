import { minutesInWords } from '#lib/kernel/model/access/role-term.ts'
import { policyBounds } from '#lib/kernel/model/policy/policy-bounds.ts'
import type { PolicyRules } from '#lib/kernel/model/policy/policy-rules.ts'

type Props = { policy: Pick<PolicyRules, 'longestCredentialHours' | 'credentialLimit' | 'freshSignInHours'> }

/** The policy's limits for kubeconfigs, below the form that creates one; nothing if there are none. */
export function CredentialHint({ policy: { longestCredentialHours, credentialLimit, freshSignInHours } }: Props) {
  const hints = [
    ...(longestCredentialHours < policyBounds.credentialHours.max
      ? [`The policy allows a lifetime of ${minutesInWords(longestCredentialHours * 60)} at most.`]
      : []),
    ...(freshSignInHours === null || freshSignInHours >= longestCredentialHours
      ? []
      : [`Over ${minutesInWords(freshSignInHours * 60)}, you’ll need to sign in again.`]),
    ...(credentialLimit === null
      ? []
      : [`You can have ${credentialLimit} working ${credentialLimit === 1 ? 'kubeconfig' : 'kubeconfigs'} at a time.`]),
  ]
  return hints.length > 0 ? <p className="mt-3 text-muted text-sm">{hints.join(' ')}</p> : null
}
