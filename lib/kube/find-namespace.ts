import { isAppError } from '#lib/domain/errors.ts'
import type { Cluster } from './cluster.ts'
import { type ObservedNamespace, observedNamespaceSchema } from './observed-namespace.ts'
import { request } from './request.ts'

/** @returns the namespace of that name, ours or not; undefined when there is none */
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
