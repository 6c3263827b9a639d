import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { saveUsage } from '#lib/db/save-usage.ts'
import { listUsage } from '#lib/kube/list-usage.ts'

/**
 * Reads what a cluster's spaces use of their quotas, for the lists.
 * @returns how many spaces were seen
 * @throws AppError cluster_* when the cluster can't be asked: then what is known of it stays
 */
export async function refreshUsage(ctx: SystemContext, cluster: string): Promise<number> {
  const usage = await listUsage(ctx.clusters.get(cluster))
  await saveUsage(ctx.db, cluster, usage, ctx.clock())
  return usage.size
}
