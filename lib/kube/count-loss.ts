import { z } from 'zod'
import { placePods } from '#lib/domain/place-pods.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { listPods } from './list-pods.ts'
import { listWorkloads } from './list-workloads.ts'
import { collectionPath } from './object-path.ts'
import type { AsPerson } from './request.ts'

/** @returns how many workloads and volumes (PersistentVolumeClaims) deleting a space would destroy, read as a person */
export async function countLoss(
  cluster: Cluster,
  person: AsPerson,
  namespace: string,
  now: Date,
): Promise<{ workloads: number; volumes: number }> {
  const as = { handle: person.handle, email: person.email }
  const [workloads, pods, volumes] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listPods(cluster, as, namespace, now),
    listAll(cluster, { path: collectionPath('v1', 'persistentvolumeclaims', namespace), as, max: 1000 }, z.unknown()),
  ])
  return {
    workloads: placePods({ workloads: workloads.items, pods: pods.items, events: [] }).length,
    volumes: volumes.length,
  }
}
