import { isMembersBinding, isShippedBinding, type ShippedRights } from '#lib/features/clusters/model/own-rights.ts'
import type { FoundBinding, FoundRole } from '#lib/features/clusters/model/rights-findings.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { proofNamespace, usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll, readPages } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { managedSelector } from '#lib/kube/objects/managed-kinds.ts'
import {
  bindingSchema,
  listClusterRoles,
  partOfLabel,
  rbac,
  roleSchema,
  toFoundBinding,
  toFoundRole,
} from './found-bindings.ts'

export type ListedRights = {
  /** Without those of spaces' members and those that this version installs. */
  bindings: FoundBinding[]
  /** Of the bindings that look like members', one for each namespace and space. */
  members: FoundBinding[]
  clusterRoles: FoundRole[]
  /** Roles that may be Spaceport's, by label or in its own namespaces. null: the broker may not list them. */
  ownRoles: FoundRole[] | null
}

/**
 * Lists the rights on a cluster that Spaceport may not have given, from the API server's cache. Bindings, the longest
 * list, are read page by page, and members' are not kept.
 */
export async function listRights(cluster: Cluster, shipped: ShippedRights): Promise<ListedRights> {
  const query = { resourceVersion: '0' }
  const bindings: FoundBinding[] = []
  const members = new Map<string, FoundBinding>()

  async function readBindings(kind: FoundBinding['kind'], resource: string): Promise<void> {
    for await (const { items } of readPages(cluster, { path: collectionPath(rbac, resource), query }, bindingSchema))
      for (const item of items) {
        const binding = toFoundBinding(kind, item)
        if (isMembersBinding(binding)) members.set(`${binding.namespace} ${binding.spaceId}`, binding)
        else if (!isShippedBinding(binding, shipped)) bindings.push(binding)
      }
  }
  const [clusterRoles] = await Promise.all([
    listClusterRoles(cluster),
    readBindings('RoleBinding', 'rolebindings'),
    readBindings('ClusterRoleBinding', 'clusterrolebindings'),
  ])
  // Roles after bindings, because `helm test` makes a Role before its binding.
  const ownRoles = await listOwnRoles(cluster)
  return { bindings, members: [...members.values()], clusterRoles, ownRoles }
}

async function listOwnRoles(cluster: Cluster): Promise<FoundRole[] | null> {
  const list = (namespace?: string, labelSelector?: string) => {
    const query = { resourceVersion: '0', ...(labelSelector !== undefined && { labelSelector }) }
    return listAll(cluster, { path: collectionPath(rbac, 'roles', namespace), query }, roleSchema)
  }
  try {
    const found = await Promise.all([
      list(undefined, managedSelector),
      list(undefined, `${partOfLabel}=spaceport`),
      list(usersNamespace),
      list(proofNamespace),
    ])
    const each = new Map(found.flat().map((item) => [`${item.metadata.namespace}/${item.metadata.name}`, item]))
    return [...each.values()].map((item) => toFoundRole('Role', item))
  } catch (error) {
    if (isAppError(error, 'cluster_refused')) return null
    throw error
  }
}
