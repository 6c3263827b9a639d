import { viewSpace } from '#lib/kernel/define/view-space.ts'
import type { SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import { readNamespaceInside } from '#lib/kube/inside/read-namespace-inside.ts'

/**
 * The workloads, recent events and quota of a space, read as the person who asks, with no right of Spaceport's.
 * @throws AppError forbidden for non-members, platform admins included; cluster_*, rate_limited
 */
export const readSpaceInside = viewSpace({
  permission: 'read-space-inside',
  read: ({ ctx, space }): Promise<SpaceInside> =>
    ctx.withinRateLimit('read-inside', ctx.actor.userId, () =>
      readNamespaceInside(ctx.clusters.get(space.cluster), ctx.actor, space.namespace, ctx.clock()),
    ),
})
