import { blockedByQuota } from '#lib/features/spaces/model/blocked-by-quota.ts'
import { placePods } from '#lib/features/spaces/model/place-pods.ts'
import type { SpaceEvent, SpaceInside } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { groupEvents } from './group-events.ts'
import { listEvents } from './list-events.ts'
import { listPods } from './list-pods.ts'
import { listWorkloads } from './list-workloads.ts'
import { readPodUse } from './pod-use.ts'
import { readQuota } from './read-quota.ts'

const maxEvents = 50

export type WorkloadSurvey = Pick<SpaceInside, 'workloads' | 'quota' | 'leftOut' | 'inUse'> & {
  /** All, newest first. */
  events: SpaceEvent[]
}

/**
 * Reads as the viewer, without our own rights.
 * @throws AppError forbidden when they may not read it; cluster_*
 */
export async function surveyNamespace(
  cluster: Cluster,
  { handle, email }: AsPerson,
  namespace: string,
  now: Date,
): Promise<WorkloadSurvey> {
  const as = { handle, email }
  const inUse = readPodUse(cluster, as, namespace, now)
  const [workloads, pods, events, quota] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listPods(cluster, as, namespace, now),
    listEvents(cluster, as, namespace),
    readQuota(cluster, as, namespace),
  ])
  const found = { workloads, pods, events }
  return {
    workloads: placePods({ workloads: workloads.items, pods: pods.items, events: events.items }),
    events: events.items,
    quota,
    leftOut: (['workloads', 'pods', 'events'] as const).filter((what) => found[what].more),
    inUse,
  }
}

/** @throws AppError as surveyNamespace */
export async function readNamespaceInside(
  cluster: Cluster,
  person: AsPerson,
  namespace: string,
  now: Date,
): Promise<SpaceInside> {
  const { workloads, events, quota, leftOut, inUse } = await surveyNamespace(cluster, person, namespace, now)
  return {
    workloads,
    events: groupEvents(events).slice(0, maxEvents),
    quota,
    blocked: blockedByQuota(workloads, quota),
    leftOut,
    inUse,
  }
}
