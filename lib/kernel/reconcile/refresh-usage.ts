import { saveUsage } from '#lib/kernel/db/spaces/space-row.ts'
import { insertUsageSamples } from '#lib/kernel/db/spaces/usage-samples.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { amountsOf, slotOf } from '#lib/kernel/model/spaces/usage-sample.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUsage } from '#lib/kube/inside/list-usage.ts'
import { sumPodUse } from '#lib/kube/inside/pod-use.ts'

/**
 * @returns a function that stores the quota usage of a cluster's spaces, and one sample per space every ten minutes
 * (immediately for a new space), with the actual usage of its pods if measured. It sends only new samples to Postgres,
 * returns how many spaces it saw, and throws AppError cluster_* when the cluster can't be reached: then nothing changes
 */
export function refreshUsageInTurn() {
  let slot = 0
  let sampled = new Set<string>()
  return async (ctx: SystemContext, cluster: string): Promise<number> => {
    const asked = ctx.clusters.get(cluster)
    const found = await listUsage(asked)
    const now = ctx.clock()
    await saveUsage(ctx.db, cluster, found, now)
    const at = slotOf(now)
    if (at.getTime() !== slot) sampled = new Set()
    slot = at.getTime()
    const fresh = found.filter(({ spaceId, usage }) => usage.length > 0 && !sampled.has(spaceId))
    if (fresh.length > 0) {
      const used = await measuredUse(ctx, asked, fresh)
      const samples = fresh.map(({ usage, ...space }) => ({
        ...space,
        ...amountsOf(usage, used?.get(space.namespace) ?? null),
      }))
      await insertUsageSamples(ctx.db, cluster, at, samples)
    }
    for (const { spaceId } of fresh) sampled.add(spaceId)
    return found.length
  }
}

/** @returns the actual usage of each space; null: not measured or readable. The quota usage doesn't depend on it. */
const measuredUse = (ctx: SystemContext, cluster: Cluster, spaces: readonly { namespace: string }[]) =>
  sumPodUse(
    cluster,
    spaces.map(({ namespace }) => namespace),
  ).catch((error: unknown) => {
    if (!isAppError(error)) throw error
    if (error.code !== 'not_found' && error.code !== 'cluster_refused')
      ctx.log.warn({ error, cluster: cluster.name }, 'actual use of CPU and memory couldn’t be read')
    return null
  })
