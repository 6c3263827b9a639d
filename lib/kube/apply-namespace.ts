import { fieldManager } from '#lib/domain/cluster-names.ts'
import { AppError } from '#lib/domain/errors.ts'
import type { Manifest } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { findNamespace } from './find-namespace.ts'
import { objectPath } from './object-path.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'
import { ApiServerError, request } from './request.ts'

/**
 * Applies the desired labels and annotations of a namespace. With `metadata.uid` the API server changes only this very
 * namespace and never creates one.
 * @throws AppError namespace_gone when there is none; cluster_conflict when another one has the same name
 */
export async function applyNamespace(
  cluster: Cluster,
  manifest: Manifest & { metadata: { uid: string } },
): Promise<ObservedNamespace> {
  const { name, uid } = manifest.metadata
  try {
    return await request(
      cluster,
      {
        method: 'PATCH',
        path: objectPath({ apiVersion: 'v1', kind: 'Namespace', name }),
        query: { fieldManager, force: 'true' },
        contentType: 'application/apply-patch+yaml',
        body: manifest,
      },
      observedNamespaceSchema,
    )
  } catch (error) {
    if (!(error instanceof ApiServerError) || ![404, 409, 422].includes(error.httpStatus)) throw error
    const found = await findNamespace(cluster, name)
    if (!found) throw new AppError('namespace_gone', { detail: name, cause: error })
    if (found.uid !== uid) throw new AppError('cluster_conflict', { detail: `${name} has another UID`, cause: error })
    throw error
  }
}
