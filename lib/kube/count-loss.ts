import { z } from 'zod'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { listWorkloads } from './list-workloads.ts'
import { collectionPath } from './object-path.ts'
import type { AsPerson } from './request.ts'

/** @returns how many workloads and volumes (PersistentVolumeClaims) deleting a space would destroy, read as a person */
export async function countLoss(
  cluster: Cluster,
  person: AsPerson,
  namespace: string,
): Promise<{ workloads: number; volumes: number }> {
  const as = { handle: person.handle, email: person.email }
  const [workloads, volumes] = await Promise.all([
    listWorkloads(cluster, as, namespace),
    listAll(cluster, { path: collectionPath('v1', 'persistentvolumeclaims', namespace), as, max: 1000 }, z.unknown()),
  ])
  return { workloads: workloads.length, volumes: volumes.length }
}
