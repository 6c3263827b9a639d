import { type GrantTerms, givesLess } from '#lib/features/access/model/giving.ts'
import { assertGivenDirectly, assertRoleEnds } from '#lib/kernel/model/policy/policy.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/**
 * Applies the policy to direct grants by anyone, including owners and platform admins. Otherwise one person could
 * bypass an approval. In an emergency, change the policy: the trail shows that to everyone.
 * @param before the grant's current terms; omit for a new grant. Reducing them is always allowed
 * @throws AppError role_needs_approval, role_too_long
 */
export function assertWithinPolicy({ policy, clock }: BrokerContext, terms: GrantTerms, before?: GrantTerms): void {
  if (before && givesLess(terms, before)) return
  assertGivenDirectly(policy, terms.role)
  assertRoleEnds(policy, clock(), terms.role, terms.endsAt)
}
