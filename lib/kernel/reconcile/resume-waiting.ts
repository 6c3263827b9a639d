import { enqueueWaiting, isAwaited, resumeWaitingParts } from '#lib/kernel/db/spaces/waiting-spaces.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'

const patienceMs = 2_000

/**
 * Resumes postponed work at once when an unavailable cluster answers again.
 * @param answered the last return value
 * @returns whether the cluster answers; false if nothing waits for it
 */
export async function resumeWaiting(ctx: SystemContext, cluster: string, answered: boolean): Promise<boolean> {
  if (!(await isAwaited(ctx.db, cluster))) return false
  const answers = await pingCluster(ctx.clusters.get(cluster), AbortSignal.timeout(patienceMs)).then(
    () => true,
    () => false,
  )
  if (answers && !answered) {
    const resumed = (await enqueueWaiting(ctx.db, cluster)) + (await resumeWaitingParts(ctx.db, cluster, ctx.clock()))
    ctx.log.info({ cluster, resumed }, 'a cluster answers again; work that waited for it resumes')
  }
  return answers
}
