import { requestSpace } from '#lib/broker/requests/request-space.ts'
import { createSpace } from '#lib/broker/spaces/create-space.ts'
import { spaceNamespace } from '#lib/broker/spaces/space-draft.ts'
import { countOwnedSpaces } from '#lib/db/count-owned-spaces.ts'
import { isNameTaken } from '#lib/db/is-name-taken.ts'
import { readClusterId } from '#lib/db/read-cluster-id.ts'
import { assertSpaceEnds, excessOf, namesReservedSince } from '#lib/domain/policy.ts'
import { renderSpacePayload } from '#lib/domain/render-request-payload.ts'
import type { DeclaredSpace } from '#lib/domain/space-object.ts'
import type { Problem } from '#lib/domain/space-object-status.ts'
import { findNamespace } from '#lib/kube/find-namespace.ts'
import { askOnce } from './ask-once.ts'
import type { GitActor } from './git-actor.ts'

/**
 * Makes the space that an object declares, or requests it where the person’s limits say so.
 * @returns null: it is being made; otherwise what it waits for
 * @throws AppError what the use cases throw. What is known beforehand is thrown without a row in the trail
 */
export async function makeDeclared(
  actor: GitActor,
  { cluster, name, declared }: { cluster: string; name: string; declared: DeclaredSpace },
): Promise<(Problem & { requestId?: string }) | null> {
  const { ctx } = actor
  const { userId } = ctx.actor
  const { description, size, endsAt, reason } = declared
  const namespace = spaceNamespace(ctx, { cluster, name })
  if (endsAt && endsAt <= ctx.clock()) return { reason: 'EndInPast', message: 'The space has ended by its own date.' }
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

/** Tried, it would make a space and roll it back, again and again. */
const namespaceTaken: Problem = {
  reason: 'NamespaceTaken',
  message: 'The cluster has a namespace with this name already. It is left alone.',
}

/** Also of a space that somebody else has, or had: an object learns no more than a person in the portal. */
export const nameTaken: Problem = { reason: 'NameTaken', message: 'This name is taken. Nothing was taken over.' }
