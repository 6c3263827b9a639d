import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'

/** Deletes a person's ServiceAccount from a cluster, and with it the tokens issued for it. */
export async function deletePerson(cluster: Cluster, handle: string): Promise<void> {
  await deleteObject(cluster, { apiVersion: 'v1', kind: 'ServiceAccount', namespace: usersNamespace, name: handle })
}
