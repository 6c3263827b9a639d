import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedSelector } from '#lib/kube/objects/managed-kinds.ts'
import { quotaSchema } from './read-quota.ts'

/**
 * A new ResourceQuota limits nothing until its controller has counted existing objects: the API server admits by the
 * limits in its status (Kubernetes: plugin/pkg/admission/resourcequota).
 * @returns whether a space's quota is in force
 */
export async function isQuotaCounted(cluster: Cluster, namespace: string): Promise<boolean> {
  const path = collectionPath('v1', 'resourcequotas', namespace)
  const quotas = await listAll(cluster, { path, query: { labelSelector: managedSelector } }, quotaSchema)
  return quotas.some(({ status }) => Object.keys(status.hard).length > 0)
}
