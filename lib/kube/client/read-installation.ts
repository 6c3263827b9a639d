import { z } from 'zod'
import type { FoundInstallation } from '#lib/features/recovery/model/recovered.ts'
import { usersNamespace } from '#lib/kernel/model/spaces/cluster-names.ts'
import { managedSelector } from '#lib/kube/objects/managed-kinds.ts'
import { namespaceSchema } from '#lib/kube/objects/observed-namespace.ts'
import { listPeople } from '#lib/kube/people/list-people.ts'
import { bindingSchema, rbac } from '#lib/kube/rights/found-bindings.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

const createdSchema = namespaceSchema.extend({
  metadata: namespaceSchema.shape.metadata.extend({ creationTimestamp: z.coerce.date() }),
})
const quotaSchema = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string() }),
  spec: z.object({ hard: z.record(z.string(), z.string()).default({}) }).default({ hard: {} }),
})

/**
 * Reads all of Spaceport's objects on a cluster: spaces, their owners, and people.
 * @throws AppError cluster_* when it doesn't answer, or has more than fits in memory
 */
export async function readInstallation(cluster: Cluster): Promise<FoundInstallation> {
  const query = { labelSelector: managedSelector }
  const [namespaces, people, quotas, bindings] = await Promise.all([
    listAll(cluster, { path: collectionPath('v1', 'namespaces'), query }, createdSchema),
    listPeople(cluster),
    listAll(cluster, { path: collectionPath('v1', 'resourcequotas'), query }, quotaSchema),
    listAll(cluster, { path: collectionPath(rbac, 'rolebindings'), query }, bindingSchema),
  ])
  return {
    namespaces: namespaces.map(({ metadata }) => ({
      name: metadata.name,
      uid: metadata.uid,
      labels: metadata.labels,
      annotations: metadata.annotations,
      createdAt: metadata.creationTimestamp,
      terminating: metadata.deletionTimestamp !== undefined,
    })),
    accounts: [...people].map(([name, annotations]) => ({ name, annotations })),
    quotas: quotas.map(({ metadata, spec }) => ({ ...metadata, hard: spec.hard })),
    bindings: bindings.map(({ metadata, roleRef, subjects }) => ({
      namespace: metadata.namespace ?? '',
      name: metadata.name,
      role: roleRef.kind === 'ClusterRole' ? roleRef.name : '',
      handles: (subjects ?? []).flatMap(({ kind, name, namespace }) =>
        kind === 'ServiceAccount' && namespace === usersNamespace ? [name] : [],
      ),
    })),
  }
}

/** @returns the UIDs of all namespaces of a cluster by name, Spaceport's or not */
export async function listNamespaceUids(cluster: Cluster): Promise<Map<string, string>> {
  const found = await listAll(cluster, { path: collectionPath('v1', 'namespaces') }, namespaceSchema)
  return new Map(found.map(({ metadata }) => [metadata.name, metadata.uid]))
}
