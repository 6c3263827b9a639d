import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'

/** Removes a person from a cluster; with the ServiceAccount go the tokens that were made for it. */
export async function deletePerson(cluster: Cluster, handle: string): Promise<void> {
  await deleteObject(cluster, { apiVersion: 'v1', kind: 'ServiceAccount', namespace: usersNamespace, name: handle })
}
