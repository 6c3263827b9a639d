import { noteNodes } from '#lib/features/clusters/db/cluster-readings.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { sumNodes } from '#lib/kube/inside/sum-nodes.ts'

const everyMs = 600_000

/**
 * @returns a function that adds up the capacity of a cluster’s nodes every ten minutes and stores only the sums. If the
 * broker may not list nodes, it records that, and asks again on each call. It throws AppError cluster_* on other
 * errors, which keeps the last sums
 */
export function readNodesInTurn() {
  let dueAt = 0
  return async (ctx: SystemContext, cluster: string): Promise<void> => {
    if (performance.now() < dueAt) return
    const found = await sumNodes(ctx.clusters.get(cluster)).catch((error: unknown) => {
      if (isAppError(error, 'cluster_refused')) return 'refused' as const
      throw error
    })
    await noteNodes(ctx.db, cluster, found, ctx.clock())
    if (found !== 'refused') dueAt = performance.now() + everyMs
  }
}
