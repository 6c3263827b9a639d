import { blockedByQuota } from '#lib/domain/blocked-by-quota.ts'
import type { SpaceInside } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listEvents } from './list-events.ts'
import { listWorkloads } from './list-workloads.ts'
import { readQuota } from './read-quota.ts'
import type { AsPerson } from './request.ts'

/** Events on the page: the newest. */
const maxShown = 20

/**
 * Reads what is in a space, as the viewer and with none of our own rights.
 * @throws AppError forbidden when they may not read it; cluster_*
 */
export async function readNamespaceInside(cluster: Cluster, person: AsPerson, namespace: string): Promise<SpaceInside> {
  const as = { handle: person.handle, email: person.email }
  const [workloads, events, quota] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listEvents(cluster, as, namespace),
    readQuota(cluster, as, namespace),
  ])
  return { workloads, events: events.slice(0, maxShown), quota, blocked: blockedByQuota({ workloads, events }) }
}
