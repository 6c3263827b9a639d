import { z } from 'zod'
import type { Manifest } from '#lib/kernel/model/spaces/manifest.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'

const strings = z.record(z.string(), z.string())
const managedSchema = z.looseObject({
  metadata: z.object({
    name: z.string(),
    namespace: z.string(),
    uid: z.string(),
    labels: strings.default({}),
    annotations: strings.default({}),
  }),
})

/** As on the cluster. */
export async function listManaged(cluster: Cluster, namespace: string): Promise<Manifest[]> {
  const lists = await Promise.all(
    managedKinds.map(async ({ apiVersion, kind, resource }) => {
      const items = await listAll(
        cluster,
        { path: collectionPath(apiVersion, resource, namespace), query: { labelSelector: managedSelector } },
        managedSchema,
      )
      // Items of a list have neither kind nor version; only the list does.
      return items.map((item) => ({ ...item, apiVersion, kind, metadata: { ...item.metadata, namespace } }))
    }),
  )
  return lists.flat()
}
