import { z } from 'zod'
import type { Manifest } from '#lib/domain/manifest.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { managedKinds, managedSelector } from './managed-kinds.ts'
import { collectionPath } from './object-path.ts'

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

/**
 * @returns our labelled bindings, quotas, limit ranges and network policies in a namespace, as they are on the cluster
 */
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
