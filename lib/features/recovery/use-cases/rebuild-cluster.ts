import { randomBytes } from 'node:crypto'
import { forgetLostCluster, selectPlacedSpaces } from '#lib/features/recovery/db/forget-lost-cluster.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listNamespaceUids } from '#lib/kube/client/read-installation.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { recordRebuild } from './record-rebuild.ts'

/** Ten thousand spaces take several seconds. */
const patienceMs = 10 * 60_000

type RebuildInput = {
  /** As the owner of the tables. */
  db: Db
  /** As the broker: the new cluster, under the lost one's name. */
  cluster: Cluster
  /** Whether to apply the plan, or only print it. */
  apply: boolean
  hostname: string
  at: Date
  print: (line: string) => void
}

/**
 * Has the workers recreate a lost cluster's namespaces, quotas, policies, bindings and people on a fresh cluster of the
 * same name. A foreign namespace with a space's name is reported, and never taken over.
 * @returns whether there was anything to do
 * @throws Error in words if a namespace of the old cluster still exists, or an admission policy isn't in force
 */
export async function rebuildCluster({ db, cluster, apply, hostname, at, print }: RebuildInput): Promise<boolean> {
  const [spaces, there] = await Promise.all([selectPlacedSpaces(db, cluster.name), listNamespaceUids(cluster)])
  const existing = spaces.filter(({ namespace, namespaceUid }) => there.get(namespace) === namespaceUid)
  if (existing.length > 0)
    throw new Error(
      `Cluster ${cluster.name} isn’t lost: ${existing.length} of ${spaces.length} spaces still have their namespaces${existing.length < spaces.length ? ', or it is already being rebuilt. The worker creates the missing ones' : ''}.`,
    )
  const faults = await listFenceFaults(cluster)
  if (faults.length > 0)
    throw new Error(
      `Not all admission policies of cluster ${cluster.name} are in force. Apply the manifests first.\n${faults.map(({ policy, fault }) => `  ${policy}: ${fault}`).join('\n')}`,
    )
  for (const { name, namespace } of spaces)
    print(
      there.has(namespace)
        ? `  ${name}: namespace ${namespace} already exists there and doesn’t belong to Spaceport. Delete it, then retry the space.`
        : `  ${name}: namespace ${namespace} is recreated, empty`,
    )
  print(`${cluster.name}: ${spaces.length} spaces, with their quotas, policies, bindings and people`)
  if (spaces.length === 0 || !apply) return spaces.length > 0
  const lost = spaces.map(({ id, namespaceUid }) => ({
    ...{ id, namespaceUid },
    creation: randomBytes(18).toString('base64url'),
  }))
  const queued = await inTransaction(
    db,
    async (tx) => {
      const count = await forgetLostCluster(tx, cluster.name, lost)
      const taken = spaces.filter(({ namespace }) => there.has(namespace)).length
      await writeEventInTx(
        tx,
        recordRebuild('cluster.rebuild', cluster.name, { hostname, at }, { spaces: count, taken }),
      )
      return count
    },
    patienceMs,
  )
  print(
    `${cluster.name}: ${queued} spaces are queued. The workers create them now. Kubeconfigs work again as soon as their space is ready.`,
  )
  return true
}
