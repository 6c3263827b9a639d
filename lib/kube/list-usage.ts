import { type QuotaUsage, quotaUsageOf } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { managedSelector } from './managed-kinds.ts'
import { collectionPath } from './object-path.ts'
import { quotaSchema } from './read-quota.ts'

/** @returns what every space of a cluster uses of the quota that Spaceport gave it, by namespace */
export async function listUsage(cluster: Cluster): Promise<Map<string, QuotaUsage[]>> {
  const quotas = await listAll(
    cluster,
    {
      path: collectionPath('v1', 'resourcequotas'),
      // Not `resourceVersion=0`: the API server would then ignore the limit, and send everything in one page.
      query: { labelSelector: managedSelector },
    },
    quotaSchema,
  )
  return new Map(quotas.map(({ metadata, status }) => [metadata.namespace, quotaUsageOf(status)]))
}
