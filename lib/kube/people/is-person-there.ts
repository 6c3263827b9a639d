import { z } from 'zod'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'

export async function isPersonThere(cluster: Cluster, handle: string): Promise<boolean> {
  const path = collectionPath('v1', 'serviceaccounts', usersNamespace)
  const found = await listAll(cluster, { path, query: { fieldSelector: `metadata.name=${handle}` } }, z.unknown())
  return found.length > 0
}
