import { z } from 'zod'
import { labels } from '#lib/domain/cluster-names.ts'
import type { FoundBinding, FoundRole } from '#lib/domain/rights-findings.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

const rbac = 'rbac.authorization.k8s.io/v1'
// Go serialises an empty list as null.
const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])
const bindingSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string().optional() }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
})
const roleSchema = z.object({
  metadata: z.object({ name: z.string() }),
  rules: z.array(z.object({ apiGroups: texts, resources: texts, verbs: texts, resourceNames: texts })).nullish(),
  aggregationRule: z.unknown().optional(),
})

/** @returns every binding of a cluster without our label, and every ClusterRole; from the API server's cache */
export async function listForeignRights(
  cluster: Cluster,
): Promise<{ bindings: FoundBinding[]; clusterRoles: FoundRole[] }> {
  const bindingsOf = async (kind: FoundBinding['kind'], resource: string): Promise<FoundBinding[]> => {
    const query = { labelSelector: `${labels.managedBy}!=spaceport`, resourceVersion: '0' }
    const items = await listAll(cluster, { path: collectionPath(rbac, resource), query }, bindingSchema)
    return items.map(({ metadata, roleRef, subjects }) => ({ kind, ...metadata, roleRef, subjects: subjects ?? [] }))
  }
  const path = collectionPath(rbac, 'clusterroles')
  const [inNamespaces, across, found] = await Promise.all([
    bindingsOf('RoleBinding', 'rolebindings'),
    bindingsOf('ClusterRoleBinding', 'clusterrolebindings'),
    listAll(cluster, { path, query: { resourceVersion: '0' } }, roleSchema),
  ])
  const clusterRoles = found.map(({ metadata, rules, aggregationRule }) => ({
    name: metadata.name,
    rules: rules ?? [],
    aggregated: aggregationRule !== undefined,
  }))
  return { bindings: [...inNamespaces, ...across], clusterRoles }
}
