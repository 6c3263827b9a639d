import { blockedByQuota } from '#lib/domain/blocked-by-quota.ts'
import { groupEvents } from '#lib/domain/group-events.ts'
import { placePods } from '#lib/domain/place-pods.ts'
import type { SpaceInside } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listEvents } from './list-events.ts'
import { listPods } from './list-pods.ts'
import { listWorkloads } from './list-workloads.ts'
import { readQuota } from './read-quota.ts'
import type { AsPerson } from './request.ts'

/** Groups of events on the page. */
const maxEvents = 50

/**
 * Reads what is in a space, as the viewer and with none of our own rights.
 * @throws AppError forbidden when they may not read it; cluster_*
 */
export async function readNamespaceInside(
  cluster: Cluster,
  person: AsPerson,
  namespace: string,
  now: Date,
): Promise<SpaceInside> {
  const as = { handle: person.handle, email: person.email }
  const [found, pods, events, quota] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listPods(cluster, as, namespace, now),
    listEvents(cluster, as, namespace),
    readQuota(cluster, as, namespace),
  ])
  const workloads = placePods({ workloads: found, pods, events })
  return {
    workloads,
    events: groupEvents(events).slice(0, maxEvents),
    quota,
    blocked: blockedByQuota(workloads, quota),
  }
}
