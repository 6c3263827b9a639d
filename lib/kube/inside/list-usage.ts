import { z } from 'zod'
import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import { type QuotaUsage, quotaUsageOf } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedSelector } from '#lib/kube/objects/managed-kinds.ts'
import { quotaSchema } from './read-quota.ts'

/** Namespace and space are from the labels of the quota. */
export type SpaceUsage = { spaceId: string; namespace: string; usage: QuotaUsage[] }

const uuid = z.uuid()

/** Empty before the first count. */
export async function listUsage(cluster: Cluster): Promise<SpaceUsage[]> {
  const quotas = await listAll(
    cluster,
    {
      path: collectionPath('v1', 'resourcequotas'),
      // Not `resourceVersion=0`: the API server would then ignore the limit, and send everything in one page.
      query: { labelSelector: managedSelector },
    },
    quotaSchema,
  )
  return quotas.flatMap(({ metadata: { namespace, labels: own }, status }) => {
    const { data: spaceId } = uuid.safeParse(own[labels.spaceId])
    return spaceId === undefined ? [] : [{ spaceId, namespace, usage: quotaUsageOf(status) }]
  })
}
