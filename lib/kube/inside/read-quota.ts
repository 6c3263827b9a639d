import { z } from 'zod'
import { type QuotaUsage, quotaUsageOf } from '#lib/kernel/model/spaces/space-inside.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import type { AsPerson } from '#lib/kube/client/request.ts'
import { managedSelector } from '#lib/kube/objects/managed-kinds.ts'

const strings = z.record(z.string(), z.string()).default({})
export const quotaSchema = z.object({
  metadata: z.object({ namespace: z.string().default(''), labels: strings }),
  status: z.object({ hard: strings, used: strings }).prefault({}),
})

/** Reads as a person. Empty before the first count. */
export async function readQuota(cluster: Cluster, as: AsPerson, namespace: string): Promise<QuotaUsage[]> {
  const quotas = await listAll(
    cluster,
    {
      path: collectionPath('v1', 'resourcequotas', namespace),
      query: { labelSelector: managedSelector, resourceVersion: '0' },
      as,
    },
    quotaSchema,
  )
  return quotas.flatMap(({ status }) => quotaUsageOf(status))
}
