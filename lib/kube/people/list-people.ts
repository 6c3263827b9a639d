import { z } from 'zod'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'

const item = z.looseObject({
  metadata: z.object({ name: z.string(), annotations: z.record(z.string(), z.string()).default({}) }),
})

/** @returns the annotations of their ServiceAccounts, by handle */
export async function listPeople(cluster: Cluster): Promise<Map<string, Record<string, string>>> {
  const path = collectionPath('v1', 'serviceaccounts', usersNamespace)
  const accounts = await listAll(cluster, { path }, item)
  return new Map(accounts.map(({ metadata }) => [metadata.name, metadata.annotations]))
}
