import { z } from 'zod'
import { usersNamespace } from '#lib/domain/cluster-names.ts'
import type { Cluster } from './cluster.ts'
import { listAll } from './list-all.ts'
import { collectionPath } from './object-path.ts'

const item = z.looseObject({ metadata: z.object({ name: z.string() }) })

/** @returns the handles of the people whose ServiceAccounts are on a cluster */
export async function listPeople(cluster: Cluster): Promise<Set<string>> {
  const path = collectionPath('v1', 'serviceaccounts', usersNamespace)
  const accounts = await listAll(cluster, { path }, item)
  return new Set(accounts.map(({ metadata }) => metadata.name))
}
