import { type Gift, givesLess } from '#lib/features/access/model/giving.ts'
import { assertGivenDirectly, assertRoleEnds } from '#lib/kernel/model/policy/policy.ts'
import type { BrokerContext } from '#lib/kernel/use-case/context.ts'

/**
 * Holds for everybody who gives a role directly, owners and platform admins by platform role too: otherwise one person alone
 * could do what the policy wants two to look at. Who has to may change the policy, which everyone sees in the trail.
 * @param before what the same grant gave so far; absent for a new one. Giving less than that is always allowed
 * @throws AppError role_needs_approval, role_too_long
 */
export function assertWithinPolicy({ policy, clock }: BrokerContext, gift: Gift, before?: Gift): void {
  if (before && givesLess(gift, before)) return
  assertGivenDirectly(policy, gift.role)
  assertRoleEnds(policy, clock(), gift.role, gift.endsAt)
}
