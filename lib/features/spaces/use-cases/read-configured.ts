import { z } from 'zod'
import { openRef } from '#lib/features/spaces/model/configuration.ts'
import type { ConfiguredObject } from '#lib/features/spaces/model/configured-object.ts'
import { viewInSpace } from '#lib/kernel/define/view-space.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { readConfigured as readFromCluster } from '#lib/kube/inside/read-configured.ts'

/**
 * One Service, Ingress, ConfigMap or claim of a space, read as the person who asks, with no right of Spaceport's.
 * @returns null if there is none
 * @throws AppError forbidden for non-members, platform admins included; bad_input, cluster_*, rate_limited
 */
export const readConfigured = viewInSpace({
  permission: 'read-space-inside',
  input: z.strictObject({ space: spaceKey, of: openRef }),
  read: ({ ctx, space, input }): Promise<ConfiguredObject | null> =>
    ctx.withinRateLimit('read-inside', ctx.actor.userId, () =>
      readFromCluster(ctx.clusters.get(space.cluster), ctx.actor, { namespace: space.namespace, ...input.of }),
    ),
})
