import { z } from 'zod'
import { usersNamespace } from '#lib/domain/cluster-names.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

/** @returns whether a person's ServiceAccount is on a cluster */
export async function isPersonThere(cluster: Cluster, handle: string): Promise<boolean> {
  const path = collectionPath('v1', 'serviceaccounts', usersNamespace)
  const found = await listAll(cluster, { path, query: { fieldSelector: `metadata.name=${handle}` } }, z.unknown())
  return found.length > 0
}
