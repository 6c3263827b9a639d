import { z } from 'zod'
import { placePods } from '#lib/features/spaces/model/place-pods.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { listPods } from './list-pods.ts'
import { listWorkloads } from './list-workloads.ts'

/** Counts workloads and volumes (PersistentVolumeClaims) that deleting a space would destroy, as a person. */
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
