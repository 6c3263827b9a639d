import { AppError } from '#lib/kernel/model/errors.ts'
import { fieldManager } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { objectPath } from '#lib/kube/client/object-path.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { findNamespace } from './find-namespace.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'

/**
 * Applies the desired labels and annotations of a namespace. With `metadata.uid` the API server changes only this
 * namespace and never creates one.
 * @throws AppError namespace_gone when it does not exist; cluster_conflict when another one has the same name
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
