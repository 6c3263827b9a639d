import { z } from 'zod'
import type { SpaceRights } from '#lib/features/access/model/cluster-binding.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { bindingSchema, listClusterRoles, rbac, toFoundBinding } from './found-bindings.ts'

/** More of a kind is not looked at: nobody reads it, and members can make many. */
const bounds = { max: 1_000, maxLength: 16 * 1024 * 1024 }

/** Whole objects, to compare with what Spaceport wants. */
const wholeSchema = z.looseObject({
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    creationTimestamp: z.string().optional(),
  }),
  roleRef: z.looseObject({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.looseObject({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
})

/**
 * Reads what gives rights in a namespace: its RoleBindings, all ClusterRoleBindings and ClusterRoles, whatever their
 * labels say.
 * @param uid the namespace that is meant: another one of that name is not
 * @returns null if there is no such namespace; @throws AppError cluster_*; the signal’s reason
 */
export async function readSpaceRights(
  cluster: Cluster,
  { namespace, uid }: { namespace: string; uid: string },
  signal: AbortSignal,
): Promise<SpaceRights | null> {
  const query = { resourceVersion: '0' }
  const [found, inNamespace, across, clusterRoles] = await Promise.all([
    findNamespace(cluster, namespace, signal),
    listUpTo(cluster, { path: collectionPath(rbac, 'rolebindings', namespace), ...bounds, signal }, wholeSchema),
    listUpTo(cluster, { path: collectionPath(rbac, 'clusterrolebindings'), query, ...bounds, signal }, bindingSchema),
    listClusterRoles(cluster, signal),
  ])
  if (found?.uid !== uid) return null
  return {
    inNamespace: inNamespace.items.map((item) => ({
      ...toFoundBinding('RoleBinding', item),
      // Items of a list have neither kind nor version; only the list does.
      object: { ...item, apiVersion: rbac, kind: 'RoleBinding' },
    })),
    across: across.items.map((item) => ({
      ...toFoundBinding('ClusterRoleBinding', item),
      shipped: item.metadata.labels['kubernetes.io/bootstrapping'] === 'rbac-defaults',
    })),
    clusterRoles,
    more: inNamespace.more || across.more,
  }
}
