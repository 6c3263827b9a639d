import { z } from 'zod'
import type { FoundBinding, FoundRole, OwnLabel } from '#lib/features/clusters/model/rights-findings.ts'
import { labels } from '#lib/kernel/model/spaces/cluster-names.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listAll } from '#lib/kube/client/list-all.ts'
import { collectionPath } from '#lib/kube/client/object-path.ts'

export const rbac = 'rbac.authorization.k8s.io/v1'

/** Each once: authors may repeat them, and rights multiply. Go serialises an empty list as null. */
export const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => [...new Set(list)])

export const bindingSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
    creationTimestamp: z.string().optional(),
  }),
  roleRef: z.object({ kind: z.string(), name: z.string() }),
  subjects: z.array(z.object({ kind: z.string(), name: z.string(), namespace: z.string().optional() })).nullish(),
})

export const roleSchema = z.object({
  metadata: z.object({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).default({}),
  }),
  rules: z
    .array(z.object({ apiGroups: texts, resources: texts, verbs: texts, resourceNames: texts, nonResourceURLs: texts }))
    .nullish(),
  aggregationRule: z.unknown().optional(),
})

type Labels = { labels?: Readonly<Record<string, string>> | undefined }
type Binding = Pick<z.infer<typeof bindingSchema>, 'roleRef' | 'subjects'> & {
  metadata: Labels & { name: string; namespace?: string | undefined; creationTimestamp?: string | undefined }
}

/**
 * The label of objects from deploy/cluster-chart/templates and the chart
 * (https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/).
 */
export const partOfLabel = 'app.kubernetes.io/part-of'

function ownLabel({ labels: found = {} }: Labels): OwnLabel | undefined {
  if (found[labels.managedBy] === 'spaceport') return 'managed-by'
  return found[partOfLabel] === 'spaceport' ? 'part-of' : undefined
}

export const toFoundBinding = (kind: FoundBinding['kind'], { metadata, roleRef, subjects }: Binding): FoundBinding => ({
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
  roleRef: { kind: roleRef.kind, name: roleRef.name },
  subjects: (subjects ?? []).map(({ kind: of, name, namespace }) => ({ kind: of, name, namespace })),
  createdAt: metadata.creationTimestamp,
  spaceId: metadata.labels?.[labels.spaceId],
  ours: ownLabel(metadata),
})

export const toFoundRole = (
  kind: 'ClusterRole' | 'Role',
  { metadata, rules, aggregationRule }: z.infer<typeof roleSchema>,
): FoundRole => ({
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
  rules: rules ?? [],
  aggregated: aggregationRule !== undefined,
  ours: ownLabel(metadata),
})

/** From the API server's cache. */
export async function listClusterRoles(cluster: Cluster, signal?: AbortSignal): Promise<FoundRole[]> {
  const path = collectionPath(rbac, 'clusterroles')
  const query = { resourceVersion: '0' }
  const found = await listAll(cluster, { path, query, ...(signal && { signal }) }, roleSchema)
  return found.map((item) => toFoundRole('ClusterRole', item))
}
