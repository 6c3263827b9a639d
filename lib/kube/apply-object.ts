import { z } from 'zod'
import { fieldManager } from '#lib/domain/cluster-names.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Manifest, ObjectRef } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { deleteObject } from './delete-object.ts'
import { objectPath } from './object-path.ts'
import { ApiServerError, request } from './request.ts'

/**
 * Applies one object by server-side apply with force; creates it if it does not exist.
 * A RoleBinding that refers to another role is recreated, because a binding's role can't be changed.
 * @throws AppError namespace_gone, namespace_terminating, cluster_*
 */
export async function applyObject(cluster: Cluster, manifest: Manifest): Promise<void> {
  const { name, namespace } = manifest.metadata
  const ref: ObjectRef = {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    name,
    ...(namespace !== undefined && { namespace }),
  }
  const apply = () =>
    request(
      cluster,
      {
        method: 'PATCH',
        path: objectPath(ref),
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: manifest,
      },
      z.unknown(),
    )
  try {
    await apply()
  } catch (error) {
    if (!(error instanceof ApiServerError)) throw error
    if (error.httpStatus === 404 && namespace !== undefined)
      throw new AppError('namespace_gone', { detail: namespace, cause: error })
    if (error.httpStatus !== 422 || manifest.kind !== 'RoleBinding' || !error.statusMessage.includes('roleRef'))
      throw error
    await deleteObject(cluster, ref)
    await apply()
  }
}
