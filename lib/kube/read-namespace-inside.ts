import type { SpaceInside } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listEvents } from './list-events.ts'
import { listWorkloads } from './list-workloads.ts'
import { readQuota } from './read-quota.ts'
import type { AsPerson } from './request.ts'

/**
 * What is in a space, read as the person who looks and with no right of ours.
 * @throws AppError forbidden when they may not look; cluster_*
 */
export async function readNamespaceInside(cluster: Cluster, person: AsPerson, namespace: string): Promise<SpaceInside> {
  const as = { handle: person.handle, email: person.email }
  const [workloads, events, quota] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listEvents(cluster, as, namespace),
    readQuota(cluster, as, namespace),
  ])
  return { workloads, events, quota }
}
