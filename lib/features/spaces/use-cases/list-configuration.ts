import type { ConfigurationLists } from '#lib/features/spaces/model/configuration.ts'
import { viewSpace } from '#lib/kernel/define/view-space.ts'
import { listConfiguration as listOnCluster } from '#lib/kube/inside/list-configuration.ts'

/**
 * The Services, Ingresses, ConfigMaps and claims of a space, read as the person who asks, with no right of
 * Spaceport's. Secrets are only read through the gateway (lib/web/gateway/read-secret.ts).
 * @throws AppError forbidden for non-members, platform admins included; cluster_*, rate_limited
 */
export const listConfiguration = viewSpace({
  permission: 'read-space-inside',
  read: ({ ctx, space }): Promise<ConfigurationLists> =>
    ctx.withinRateLimit('read-inside', ctx.actor.userId, () =>
      listOnCluster(ctx.clusters.get(space.cluster), ctx.actor, space.namespace),
    ),
})
