import { authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import type { SpaceInside } from '#lib/domain/space-inside.ts'
import { readNamespaceInside } from '#lib/kube/read-namespace-inside.ts'

/**
 * What runs in a space, its recent events and its quota, read as the person who asks and with no right of ours.
 * @throws AppError forbidden for those who are not in it, platform admin or not; cluster_*, rate_limited
 */
export async function readSpaceInside(ctx: BrokerContext, key: SpaceKey): Promise<SpaceInside> {
  const space = await authorizeSpace(ctx, 'read-space-inside', key)
  return ctx.withinAllowance('read-inside', ctx.actor.userId, () =>
    readNamespaceInside(ctx.clusters.get(space.cluster), ctx.actor, space.namespace),
  )
}
