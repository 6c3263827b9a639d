import { z } from 'zod'
import { AppError, isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { request } from '#lib/kube/client/request.ts'
import { findNamespace } from './find-namespace.ts'

/**
 * Starts the deletion of this namespace. Does nothing if it is gone or terminating.
 * @throws AppError cluster_conflict when another namespace has its name
 */
export async function deleteNamespace(cluster: Cluster, name: string, uid: string): Promise<void> {
  try {
    await request(
      cluster,
      {
        method: 'DELETE',
        path: objectPath({ apiVersion: 'v1', kind: 'Namespace', name }),
        // Only in the body: the API server silently ignores preconditions in query parameters.
        body: { apiVersion: 'v1', kind: 'DeleteOptions', preconditions: { uid } },
      },
      z.unknown(),
    )
  } catch (error) {
    if (isAppError(error, 'not_found')) return
    if (!isAppError(error, 'cluster_conflict')) throw error
    const found = await findNamespace(cluster, name)
    if (found && found.uid !== uid)
      throw new AppError('cluster_conflict', { detail: `${name} has another UID`, cause: error })
    if (found && !found.terminating) throw error
  }
}
