import { isAppError } from '#lib/kernel/model/errors.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { request } from '#lib/kube/client/request.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'

/** Spaceport's or not. */
export async function findNamespace(
  cluster: Cluster,
  name: string,
  signal?: AbortSignal,
): Promise<ObservedNamespace | undefined> {
  try {
    const path = `/api/v1/namespaces/${encodeURIComponent(name)}`
    return await request(cluster, { method: 'GET', path, ...(signal && { signal }) }, observedNamespaceSchema)
  } catch (error) {
    if (isAppError(error, 'not_found')) return undefined
    throw error
  }
}
