import { z } from 'zod'
import { labels } from '#lib/domain/cluster-names.ts'
import { type QuotaUsage, quotaUsageOf } from '#lib/domain/space-inside.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { managedSelector } from './managed-kinds.ts'
import { collectionPath } from './object-path.ts'
import { quotaSchema } from './read-quota.ts'

/** A space’s usage, of the namespace and the space that the quota itself names. */
export type SpaceUsage = { spaceId: string; namespace: string; usage: QuotaUsage[] }

const uuid = z.uuid()

/** @returns what every space of a cluster uses of the quota that Spaceport gave it; empty usage before the first count */
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
