import { narrowBindings } from '#lib/kernel/model/spaces/narrow-bindings.ts'
import type { RenderedSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { applyObject } from '#lib/kube/objects/apply-object.ts'
import { deleteObject } from '#lib/kube/objects/delete-object.ts'
import { listManaged } from '#lib/kube/objects/list-managed.ts'

/** Removes people without a role from a space's bindings, and adds no one. Doesn't wait for proved fences. */
export async function removeAccess(cluster: Cluster, namespace: string, { access }: RenderedSpace): Promise<void> {
  const found = (await listManaged(cluster, namespace)).filter(({ kind }) => kind === 'RoleBinding')
  const { write, remove } = narrowBindings(found, access)
  await Promise.all([
    ...write.map((manifest) => applyObject(cluster, manifest)),
    ...remove.map((name) =>
      deleteObject(cluster, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', namespace, name }),
    ),
  ])
}
