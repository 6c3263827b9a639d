import { z } from 'zod'
import type { SpaceRights } from '#lib/features/access/model/cluster-binding.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listUpTo } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'
import { findNamespace } from '#lib/kube/objects/find-namespace.ts'
import { bindingSchema, listClusterRoles, rbac, toFoundBinding } from './found-bindings.ts'

/** Limits per kind: no one reads more, and members can make many. */
const bounds = { max: 1_000, maxLength: 16 * 1024 * 1024 }

/** Whole objects, to compare with the desired ones. */
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
 * Reads the rights in a namespace: its RoleBindings, and all ClusterRoleBindings and ClusterRoles, whatever their
 * labels.
 * @param uid of the namespace, because another one may have its name
 * @returns null if there is no such namespace
 * @throws AppError cluster_*; the signal's reason
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
