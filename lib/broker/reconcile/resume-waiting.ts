import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { enqueueWaiting, isAwaited } from '#lib/db/waiting-spaces.ts'
import { pingCluster } from '#lib/kube/ping-cluster.ts'

const patienceMs = 2_000

/**
 * Takes up at once what was put off because a cluster was away, when that cluster answers again.
 * @param answered what this returned the last time
 * @returns whether the cluster answers; false when nothing waits for it
 */
export async function resumeWaiting(ctx: SystemContext, cluster: string, answered: boolean): Promise<boolean> {
  if (!(await isAwaited(ctx.db, cluster))) return false
  const answers = await pingCluster(ctx.clusters.get(cluster), AbortSignal.timeout(patienceMs)).then(
    () => true,
    () => false,
  )
  if (answers && !answered) {
    const resumed = await enqueueWaiting(ctx.db, cluster)
    ctx.log.info({ cluster, resumed }, 'a cluster answers, and what waited for it goes on')
  }
  return answers
}
