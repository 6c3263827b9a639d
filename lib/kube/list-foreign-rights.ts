import { labels } from '#lib/domain/cluster-names.ts'
import type { FoundBinding, FoundRole } from '#lib/domain/rights-findings.ts'
import type { Cluster } from './cluster.ts'
import { bindingSchema, listClusterRoles, rbac, toFoundBinding } from './found-bindings.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

/** @returns every binding of a cluster without our label, and every ClusterRole; from the API server's cache */
export async function listForeignRights(
  cluster: Cluster,
): Promise<{ bindings: FoundBinding[]; clusterRoles: FoundRole[] }> {
  const bindingsOf = async (kind: FoundBinding['kind'], resource: string): Promise<FoundBinding[]> => {
    const query = { labelSelector: `${labels.managedBy}!=spaceport`, resourceVersion: '0' }
    const items = await listAll(cluster, { path: collectionPath(rbac, resource), query }, bindingSchema)
    return items.map((item) => toFoundBinding(kind, item))
  }
  const [inNamespaces, across, clusterRoles] = await Promise.all([
    bindingsOf('RoleBinding', 'rolebindings'),
    bindingsOf('ClusterRoleBinding', 'clusterrolebindings'),
    listClusterRoles(cluster),
  ])
  return { bindings: [...inNamespaces, ...across], clusterRoles }
}
