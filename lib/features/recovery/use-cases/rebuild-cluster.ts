import { randomBytes } from 'node:crypto'
import { forgetLostCluster, selectPlacedSpaces } from '#lib/features/recovery/db/forget-lost-cluster.ts'
import type { Db } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import { listNamespaceUids } from '#lib/kube/client/read-installation.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { recordRebuild } from './record-rebuild.ts'

/** Ten thousand spaces take some seconds. */
const patienceMs = 10 * 60_000

type Asked = {
  /** As the owner of the tables. */
  db: Db
  /** As the broker: the new cluster, under the lost one's name. */
  cluster: Cluster
  /** Whether to do it, or only to say what would be done. */
  does: boolean
  hostname: string
  at: Date
  say: (line: string) => void
}

/**
 * Has the workers put everything of a lost cluster onto the fresh one that has taken its name: namespaces, quotas,
 * policies, bindings, people. A namespace that somebody else put there under a space's name is told, and never taken over.
 * @returns whether there was anything to do
 * @throws Error in words when a namespace of the old cluster is still there, or the fences aren't in force
 */
export async function rebuildCluster({ db, cluster, does, hostname, at, say }: Asked): Promise<boolean> {
  const [spaces, there] = await Promise.all([selectPlacedSpaces(db, cluster.name), listNamespaceUids(cluster)])
  const standing = spaces.filter(({ namespace, namespaceUid }) => there.get(namespace) === namespaceUid)
  if (standing.length > 0)
    throw new Error(
      `Cluster ${cluster.name} isn’t lost: ${standing.length} of ${spaces.length} spaces have the namespaces that they had${standing.length < spaces.length ? ', or it is being rebuilt. The worker makes those that are missing' : ''}.`,
    )
  const faults = await listFenceFaults(cluster)
  if (faults.length > 0)
    throw new Error(
      `The fences of cluster ${cluster.name} aren’t all in force: apply the manifests first.\n${faults.map(({ policy, fault }) => `  ${policy}: ${fault}`).join('\n')}`,
    )
  for (const { name, namespace } of spaces)
    say(
      there.has(namespace)
        ? `  ${name}: somebody else has made a namespace ${namespace} there. It isn’t taken over: delete it, then have the space tried again.`
        : `  ${name}: namespace ${namespace} is made anew, empty`,
    )
  say(`${cluster.name}: ${spaces.length} spaces, with their quotas, policies, bindings and people`)
  if (spaces.length === 0 || !does) return spaces.length > 0
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
  say(
    `${cluster.name}: ${queued} spaces are queued. The workers make them now; kubeconfigs work again as each is ready.`,
  )
  return true
}
