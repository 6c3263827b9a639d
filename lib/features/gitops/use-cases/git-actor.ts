/**
 * An object acts as the person that the operator mapped to its namespace. Must never read that identity from the
 * object, and never give it more than a member's permissions.
 */
import { randomUUID } from 'node:crypto'
import { type DeclaredGeneration, noteDeclaredDone } from '#lib/features/gitops/db/declared-spaces.ts'
import type { GitPerson } from '#lib/features/gitops/db/find-git-person.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { selectIssuers } from '#lib/kernel/db/people/select-issuers.ts'
import { holdPolicy } from '#lib/kernel/db/policy/hold-policy.ts'
import { bareIssuer } from '#lib/kernel/model/people/bare-issuer.ts'
import { noPlatformRole } from '#lib/kernel/model/people/platform-role.ts'
import { mainProviderId } from '#lib/kernel/model/people/provider.ts'
import { policyFor } from '#lib/kernel/model/policy/parse-policy.ts'
import type { BrokerContext, DeclaredBy, SystemContext } from '#lib/kernel/use-case/context.ts'
import { type CallerContext, wrapContext } from '#lib/kernel/use-case/wrap-context.ts'

export type GitActor = {
  /** For checks before calling a use case: each refusal would add to the trail. */
  ctx: BrokerContext
  /**
   * The caller of one use case; throws once this worker may no longer act. `part`: recorded in the transaction of the
   * change.
   */
  as(part?: { of: DeclaredGeneration; name: string }): CallerContext
}

/**
 * @param signal aborted once this worker may no longer act for objects: work in progress ends and no more begins
 * @returns the person to act as for an object
 */
export async function gitActorFor(
  ctx: SystemContext,
  person: GitPerson,
  declaredBy: DeclaredBy,
  signal: AbortSignal,
): Promise<GitActor> {
  const { issuers, stored, groups, privilegedGroups } = await inTransaction(ctx.db, async (tx) => ({
    issuers: await selectIssuers(tx),
    ...(await holdPolicy(tx, person.id, false, ctx.policy.pushedPrivilegedGroups)),
  }))
  // A group in an object belongs to the person's own provider.
  const issuer = bareIssuer(person.issuer)
  const policy = policyFor(ctx.policy, stored, { issuer, groups: privilegedGroups })
  const providers = [{ id: mainProviderId, name: '', issuer }]
  const { origin, ...services } = { ...ctx, issuer, issuers, providers, policy }
  const { id: userId, handle, name, email } = person
  const actor = { userId, handle, name, email, groups, ...noPlatformRole }
  const requestId = `git-${randomUUID()}`
  return {
    ctx: { ...services, actor, origin: { ...origin, requestId, declaredBy } },
    as(part) {
      signal.throwIfAborted()
      return wrapContext(services, actor, {
        ...origin,
        requestId,
        declaredBy: { ...declaredBy, ...(part && { note: (tx) => noteDeclaredDone(tx, part.of, part.name) }) },
      })
    },
  }
}
