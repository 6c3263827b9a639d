import { z } from 'zod'
import type { WorkloadDetail } from '#lib/features/spaces/model/workload-view.ts'
import { workloadRef } from '#lib/features/spaces/model/workload-view.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { readWorkload as readFromCluster } from '#lib/kube/inside/read-workload.ts'

/**
 * One workload of a space, read as the person who asks, with no right of Spaceport's.
 * @returns null if there is none
 * @throws AppError forbidden for non-members, platform admins included; cluster_*, rate_limited
 */
export const readWorkload = viewInSpace({
  permission: 'read-space-inside',
  input: z.strictObject({ space: spaceKey, of: workloadRef, withManifest: z.boolean() }),
  read: ({ ctx, space, input }): Promise<WorkloadDetail | null> =>
    ctx.withinRateLimit('read-inside', ctx.actor.userId, () =>
      readFromCluster(
        ctx.clusters.get(space.cluster),
        ctx.actor,
        { namespace: space.namespace, withManifest: input.withManifest, ...input.of },
        ctx.clock(),
      ),
    ),
})
