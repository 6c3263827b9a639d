import { z } from 'zod'
import type { FoundBinding, FoundRole } from '#lib/domain/rights-findings.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

export const rbac = 'rbac.authorization.k8s.io/v1'

/** Each once: their author may repeat them, and rights multiply. Go serialises an empty list as null. */
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

const roleSchema = z.object({
  metadata: z.object({ name: z.string() }),
  rules: z.array(z.object({ apiGroups: texts, resources: texts, verbs: texts, resourceNames: texts })).nullish(),
  aggregationRule: z.unknown().optional(),
})

type Binding = Pick<z.infer<typeof bindingSchema>, 'roleRef' | 'subjects'> & {
  metadata: { name: string; namespace?: string | undefined; creationTimestamp?: string | undefined }
}

export const toFoundBinding = (kind: FoundBinding['kind'], { metadata, roleRef, subjects }: Binding): FoundBinding => ({
  kind,
  name: metadata.name,
  namespace: metadata.namespace,
  roleRef: { kind: roleRef.kind, name: roleRef.name },
  subjects: (subjects ?? []).map(({ kind: of, name, namespace }) => ({ kind: of, name, namespace })),
  createdAt: metadata.creationTimestamp,
})

/** @returns every ClusterRole; from the API server's cache */
export async function listClusterRoles(cluster: Cluster, signal?: AbortSignal): Promise<FoundRole[]> {
  const path = collectionPath(rbac, 'clusterroles')
  const query = { resourceVersion: '0' }
  const found = await listAll(cluster, { path, query, ...(signal && { signal }) }, roleSchema)
  return found.map(({ metadata, rules, aggregationRule }) => ({
    name: metadata.name,
    rules: rules ?? [],
    aggregated: aggregationRule !== undefined,
  }))
}
