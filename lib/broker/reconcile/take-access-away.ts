import { narrowBindings } from '#lib/domain/narrow-bindings.ts'
import type { RenderedSpace } from '#lib/domain/render-space.ts'
import { applyObject } from '#lib/kube/apply-object.ts'
import type { Cluster } from '#lib/kube/cluster.ts'
import { deleteObject } from '#lib/kube/delete-object.ts'
import { listManaged } from '#lib/kube/list-managed.ts'

/**
 * Removes people without a role from a space's bindings, and adds nobody. This runs even while the fences are not
 * proved, since losing access must not wait for them.
 */
export async function takeAccessAway(cluster: Cluster, namespace: string, { access }: RenderedSpace): Promise<void> {
  const found = (await listManaged(cluster, namespace)).filter(({ kind }) => kind === 'RoleBinding')
  const { write, remove } = narrowBindings(found, access)
  await Promise.all([
    ...write.map((manifest) => applyObject(cluster, manifest)),
    ...remove.map((name) =>
      deleteObject(cluster, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace, name }),
    ),
  ])
}
