import { z } from 'zod'
import { usedRef } from '#lib/features/spaces/model/configuration.ts'
import type { UsingPods } from '#lib/features/spaces/model/configured-object.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { listUsingPods as listOnCluster } from '#lib/kube/inside/read-configured.ts'

/**
 * The pods that use a ConfigMap, a Secret or a claim of a space, read as the person who asks.
 * @throws AppError forbidden for non-members, platform admins included; bad_input, cluster_*, rate_limited
 */
export const listUsingPods = viewInSpace({
  permission: 'read-space-inside',
  input: z.strictObject({ space: spaceKey, of: usedRef }),
  read: ({ ctx, space, input }): Promise<UsingPods> =>
    ctx.withinRateLimit('read-inside', ctx.actor.userId, () =>
      listOnCluster(ctx.clusters.get(space.cluster), ctx.actor, space.namespace, input.of),
    ),
})
