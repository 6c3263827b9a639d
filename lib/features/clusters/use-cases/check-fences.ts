import { setTimeout as delay } from 'node:timers/promises'
import { saveFenceFaults } from '#lib/features/clusters/db/cluster-findings.ts'
import { readClusterState } from '#lib/features/clusters/db/cluster-state.ts'
import type { FenceFault } from '#lib/features/clusters/model/fence-fault.ts'
import { listVersionFaults } from '#lib/features/clusters/model/kubernetes-version.ts'
import { readClusterId } from '#lib/kernel/db/spaces/clusters.ts'
import { withSpaceLock } from '#lib/kernel/db/spaces/with-space-lock.ts'
import { clusterDestination } from '#lib/kernel/model/spaces/destination.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { recorded } from '#lib/kernel/use-case/recorded.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { pingCluster } from '#lib/kube/client/ping-cluster.ts'
import { compareFences } from '#lib/kube/fences/compare-fences.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { readShippedFences } from '#lib/kube/fences/shipped-fences.ts'
import { metrics } from '#lib/observability/metrics.ts'

/** A rewritten policy takes effect within a second; one that is missing for longer really is missing. */
const recheckAfterMs = 2_000

/**
 * Proves a cluster's fences, compares them with what this version ships, and stores the faults for the gateway,
 * readiness and the spaces' pages. The trail records when the fences go out of force and when they return.
 * @returns the faults;
 * @throws AppError cluster_* when the cluster can't be reached, which keeps the last result
 */
export async function checkFences(ctx: SystemContext, clusterName: string): Promise<FenceFault[]> {
  const cluster = ctx.clusters.get(clusterName)
  const { faults: known } = await readClusterState(ctx.pool, clusterName)
  let faults = await findFaults(cluster)
  if (faults.length > 0 && known.length === 0) {
    await delay(recheckAfterMs)
    faults = await findFaults(cluster)
  }
  await note(ctx, clusterName, faults)
  for (const { metadata } of await readShippedFences()) {
    const holds = !faults.some(({ policy }) => policy === metadata.name)
    metrics().fenceInForce.set({ cluster: clusterName, policy: metadata.name }, holds ? 1 : 0)
  }
  if (faults.length === 0) metrics().fencesProvedAt.set({ cluster: clusterName }, ctx.clock().getTime() / 1_000)
  return faults
}

async function findFaults(cluster: Cluster): Promise<FenceFault[]> {
  const [unsaid, differing, version] = await Promise.all([
    listFenceFaults(cluster),
    compareFences(cluster),
    pingCluster(cluster),
  ])
  return [...unsaid, ...differing, ...(version === undefined ? [] : listVersionFaults(version))]
}

/** Several workers check side by side: the change is reported once. */
async function note(ctx: SystemContext, cluster: string, faults: readonly FenceFault[]): Promise<void> {
  const id = await readClusterId(ctx.db, cluster)
  await withSpaceLock(ctx.locks.of(cluster), id, async () => {
    const { faults: before } = await readClusterState(ctx.pool, cluster)
    const changed = before.length > 0 !== faults.length > 0
    if (!changed) return saveFenceFaults(ctx.db, cluster, faults, ctx.clock())
    const about = {
      target: { kind: 'cluster', id, name: cluster },
      destination: clusterDestination(cluster),
      detail: { faults },
    }
    const action = faults.length > 0 ? 'cluster.fences-lost' : 'cluster.fences-restored'
    await recorded(ctx, action, about, (record) =>
      record.commit((tx) => saveFenceFaults(tx, cluster, faults, ctx.clock())),
    )
    if (faults.length > 0) ctx.log.error({ cluster, faults }, 'admission policies of a cluster are not in force')
    else ctx.log.info({ cluster }, 'the admission policies of a cluster are in force again')
  })
}
