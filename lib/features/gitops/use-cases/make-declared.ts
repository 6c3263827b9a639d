import type { Problem } from '#lib/features/gitops/model/space-object-status.ts'
import { renderSpacePayload } from '#lib/features/requests/model/render-request-payload.ts'
import { requestSpace } from '#lib/features/requests/use-cases/request-space.ts'
import { createSpace } from '#lib/features/spaces/use-cases/create-space.ts'
import { spaceNamespace } from '#lib/features/spaces/use-cases/space-draft.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { countOwnedSpaces } from '#lib/kernel/db/spaces/count-owned-spaces.ts'
import { isNameTaken } from '#lib/kernel/db/spaces/is-name-taken.ts'
import { assertSpaceEnds, excessOf, namesReservedSince } from '#lib/kernel/model/policy/policy.ts'
import type { DeclaredSpace } from '#lib/kernel/model/spaces/space-object.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import type { GitActor } from './git-actor.ts'
import { askOnce } from './request-once.ts'

/**
 * Creates the space that an object declares, or requests it if the person's limits require that.
 * @returns null: it is being created; otherwise what it waits for
 * @throws AppError as the use cases do. Foreseeable refusals are thrown without an entry in the trail
 */
export async function makeDeclared(
  actor: GitActor,
  { cluster, name, declared }: { cluster: string; name: string; declared: DeclaredSpace },
): Promise<(Problem & { requestId?: string }) | null> {
  const { ctx } = actor
  const { userId } = ctx.actor
  const { description, size, endsAt, reason } = declared
  const namespace = spaceNamespace(ctx, { cluster, name })
  if (endsAt && endsAt <= ctx.clock()) return { reason: 'EndInPast', message: 'The space’s own end date has passed.' }
  assertSpaceEnds(ctx.policy, ctx.clock(), endsAt)
  const clusterId = await readClusterId(ctx.db, cluster)
  const reservedSince = namesReservedSince(ctx.policy, ctx.clock())
  if (await isNameTaken(ctx.db, { clusterId, namespace, ownerId: userId, reservedSince })) return nameTaken
  if (await findNamespace(ctx.clusters.get(cluster), namespace)) return namespaceTaken
  const space = { name, cluster, description, size, endsAt }
  const owned = await countOwnedSpaces(ctx.pool, userId, ctx.policy.spaceLimit)
  if (excessOf(ctx.policy, size, owned).length === 0) {
    await createSpace(actor.as(), space)
    return null
  }
  const payload = renderSpacePayload(space, ctx.origin.declaredBy?.namespace)
  return askOnce(actor, { about: { cluster, name }, payload, reason }, () =>
    requestSpace(actor.as(), { ...space, reason }),
  )
}

/** Checked first. Otherwise each attempt would create a space and roll it back. */
const namespaceTaken: Problem = {
  reason: 'NamespaceTaken',
  message: 'The cluster already has a namespace with this name. It was not changed.',
}

/** Also for a name that another person uses or used: an object reveals no more than the portal. */
export const nameTaken: Problem = { reason: 'NameTaken', message: 'This name is taken.' }
