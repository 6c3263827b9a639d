import type { Tx } from '#lib/kernel/db/client.ts'
import { holdPeople } from '#lib/kernel/db/people/hold-people.ts'
import { holdPolicy, readPolicyRow } from '#lib/kernel/db/policy/hold-policy.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { noPlatformRole, platformRoleAt } from '#lib/kernel/model/people/platform-role.ts'
import { policyFor } from '#lib/kernel/model/policy/parse-policy.ts'
import type { BrokerContext } from './context.ts'

/**
 * Reads the person and the policy again, in the transaction that uses their rights, so that recent restrictions count.
 * Every use case locks people's rows before the policy and spaces' rows, to avoid deadlocks.
 * @param others people to lock as well
 * @param what the transaction does. One that ends access takes no policy lock, which others could hold.
 * @returns the context with their current platform role, and the policy as it applies to them now
 * @throws AppError deactivated
 */
export async function holdActor(
  ctx: BrokerContext,
  tx: Tx,
  others: readonly string[] = [],
  what: 'decides' | 'changes the policy' | 'ends access' = 'decides',
): Promise<BrokerContext> {
  const people = await holdPeople(tx, [...new Set([ctx.actor.userId, ...others])])
  const actor = people.find(({ userId }) => userId === ctx.actor.userId)
  if (!actor || actor.deactivated) throw new AppError('deactivated')
  const { userId } = ctx.actor
  const { pushedPrivilegedGroups: listed } = ctx.policy
  const { stored, groups, privilegedGroups } =
    what === 'ends access'
      ? await readPolicyRow(tx, userId, listed)
      : await holdPolicy(tx, userId, what === 'changes the policy', listed)
  const policy = policyFor(ctx.policy, stored, { issuer: bareIssuer(actor.issuer), groups: privilegedGroups })
  // Writers to the namespace act as this person, but never with their platform role.
  const roleState = ctx.origin.declaredBy ? noPlatformRole : platformRoleAt(actor, ctx, ctx.clock())
  return { ...ctx, policy, actor: { ...ctx.actor, groups, ...roleState } }
}
