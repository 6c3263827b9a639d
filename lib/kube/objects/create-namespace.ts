import { AppError } from '#lib/kernel/model/errors.ts'
import { fieldManager } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { ApiServerError, request } from '#lib/kube/client/request.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'

/**
 * Creates a namespace. Never adopts an existing one.
 * @throws AppError namespace_taken; namespace_terminating while one of that name is still being deleted
 */
export async function createNamespace(cluster: Cluster, manifest: Manifest): Promise<ObservedNamespace> {
  try {
    return await request(
      cluster,
      { method: 'POST', path: '/api/v1/namespaces', query: { fieldManager }, body: manifest },
      observedNamespaceSchema,
    )
  } catch (error) {
    if (!(error instanceof ApiServerError) || error.httpStatus !== 409) throw error
    const terminating = error.statusMessage.includes('being deleted')
    throw new AppError(terminating ? 'namespace_terminating' : 'namespace_taken', { cause: error })
  }
}
