import { placePods } from '#lib/features/spaces/model/place-pods.ts'
import { healthOf, type SpaceHealth } from '#lib/kernel/model/spaces/space-health.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listEvents } from './list-events.ts'
import { listPods } from './list-pods.ts'
import { listWorkloads } from './list-workloads.ts'

/**
 * Reads as `spaceport-health` what a space’s page shows its members, by the same rules.
 * @returns null if no workload has a problem
 * @throws AppError forbidden, cluster_*
 */
export async function readHealth(
  cluster: Cluster,
  namespace: string,
  { now, signal }: { now: Date; signal: AbortSignal },
): Promise<SpaceHealth | null> {
  const as = 'spaceport-health'
  const [workloads, pods, events] = await Promise.all([
    listWorkloads(cluster, as, namespace, signal),
    listPods(cluster, as, namespace, now, signal),
    listEvents(cluster, as, namespace, signal),
  ])
  return healthOf(placePods({ workloads: workloads.items, pods: pods.items, events: events.items }))
}
