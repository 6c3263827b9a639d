import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { saveUsage } from '#lib/db/save-usage.ts'
import { insertUsageSamples } from '#lib/db/usage-samples.ts'
import { amountsOf, slotOf } from '#lib/domain/usage-sample.ts'
import { listUsage } from '#lib/kube/list-usage.ts'

/**
 * @returns a function that reads how much of their quotas a cluster's spaces use, for the lists, and keeps one sample of
 *   each space for every ten minutes: of a new space at once. What was sampled before is remembered, so that the others
 *   aren't sent to Postgres every time. It returns how many spaces were seen, and throws AppError cluster_* when the
 *   cluster can't be reached: then what was known stays, and nothing is sampled
 */
export function refreshUsageInTurn() {
  let slot = 0
  let sampled = new Set<string>()
  return async (ctx: SystemContext, cluster: string): Promise<number> => {
    const found = await listUsage(ctx.clusters.get(cluster))
    const now = ctx.clock()
    await saveUsage(ctx.db, cluster, found, now)
    const at = slotOf(now)
    if (at.getTime() !== slot) sampled = new Set()
    slot = at.getTime()
    const fresh = found.filter(({ spaceId, usage }) => usage.length > 0 && !sampled.has(spaceId))
    if (fresh.length > 0) {
      const samples = fresh.map(({ usage, ...space }) => ({ ...space, ...amountsOf(usage) }))
      await insertUsageSamples(ctx.db, cluster, at, samples)
    }
    for (const { spaceId } of fresh) sampled.add(spaceId)
    return found.length
  }
}
