import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { saveUsage } from '#lib/db/save-usage.ts'
import { listUsage } from '#lib/kube/list-usage.ts'

/**
 * Reads how much of their quotas a cluster's spaces use, for the lists.
 * @returns how many spaces were seen
 * @throws AppError cluster_* when the cluster can't be reached: then what was known stays
 */
export async function refreshUsage(ctx: SystemContext, cluster: string): Promise<number> {
  const usage = await listUsage(ctx.clusters.get(cluster))
  await saveUsage(ctx.db, cluster, usage, ctx.clock())
  return usage.size
}
