import { randomUUID } from 'node:crypto'
import {
  holdRebuildState,
  insertRebuiltPeople,
  insertRebuiltPolicy,
  insertRebuiltSpaces,
  type RebuildState,
} from '#lib/features/recovery/db/rebuild-rows.ts'
import { planRebuild, type RebuildPlan } from '#lib/features/recovery/model/plan-rebuild.ts'
import type { RecoveryFile } from '#lib/features/recovery/model/recovery-file.ts'
import type { Db, Tx } from '#lib/kernel/db/client.ts'
import { inTransaction } from '#lib/kernel/db/in-transaction.ts'
import { upsertClusters } from '#lib/kernel/db/spaces/clusters.ts'
import { parsePolicyRules } from '#lib/kernel/model/policy/parse-policy.ts'
import { writeEventInTx } from '#lib/kernel/trail/write-in-tx.ts'
import type { Clusters } from '#lib/kube/client/cluster.ts'
import { listFenceFaults } from '#lib/kube/fences/prove-fences.ts'
import { readSource } from './read-source.ts'
import { recordRebuild } from './record-rebuild.ts'

/** Ten thousand spaces take several seconds. */
const patienceMs = 10 * 60_000

type RebuildInput = {
  /** As the owner of the tables. */
  db: Db
  /** As the broker. */
  clusters: Clusters
  file: RecoveryFile | null
  /** Whether to apply the plan, or only print it. */
  apply: boolean
  hostname: string
  at: Date
  print: (line: string) => void
}

/**
 * Restores people, spaces and roles into an empty database from the clusters' data. Reads all clusters before it writes
 * anything. Restores each in one transaction, and skips those restored before.
 * @returns whether there was anything to do
 * @throws Error in words if the database is in use, a cluster doesn't answer or lacks an admission policy, or sources
 *   conflict
 */
export async function rebuildDatabase({
  db,
  clusters,
  file,
  apply,
  hostname,
  at,
  print,
}: RebuildInput): Promise<boolean> {
  const before = await inTransaction(db, async (tx) => assertLost(await holdRebuildState(tx)), patienceMs)
  if (file?.policy) parsePolicyRules(JSON.stringify(file.policy.rules))
  const sources = await Promise.all(clusters.names.map((name) => readSource(clusters.get(name))))
  for (const name of clusters.names) await assertFenced(clusters, name)
  const plan = planRebuild(sources, file, { at, newId: randomUUID })
  if (plan.disputes.length > 0) throw new Error(`Nothing was rebuilt.\n${plan.disputes.join('\n')}`)
  const due = plan.clusters.filter(({ name }) => !before.includes(name))
  printPlan(plan, due, file, print)
  if (due.length === 0) return false
  if (!apply) return true
  await upsertClusters(db, clusters.names)
  for (const cluster of due) {
    await inTransaction(db, (tx) => restoreCluster(tx, cluster, plan, file, { hostname, at }, print), patienceMs)
    print(`${cluster.name}: restored.`)
  }
  return true
}

async function restoreCluster(
  tx: Tx,
  cluster: RebuildPlan['clusters'][number],
  { people, missing }: RebuildPlan,
  file: RecoveryFile | null,
  from: { hostname: string; at: Date },
  print: (line: string) => void,
): Promise<void> {
  if (assertLost(await holdRebuildState(tx)).includes(cluster.name)) return
  const others = await insertRebuiltPeople(tx, people)
  if (others.length > 0)
    throw new Error(
      `${cluster.name} can’t be restored: since the last run, a new person has signed in who is, or has the handle of, ${others.join(', ')}. Start again with an empty, freshly migrated database, and with the web processes stopped.`,
    )
  await insertRebuiltSpaces(tx, cluster, from.at)
  const policy = file?.policy
  if (policy) {
    if (await insertRebuiltPolicy(tx, policy)) print(`Restored version ${policy.number} of the policy.`)
  }
  await writeEventInTx(
    tx,
    recordRebuild('database.rebuild', cluster.name, from, {
      ...{ spaces: cluster.spaces.length, grants: cluster.grants.length, people: people.length },
      ...{ missing: missing.length, export: file?.at.toISOString() ?? null },
    }),
  )
}

/**
 * @returns the clusters that were restored before
 * @throws Error if the database isn't a lost one
 */
function assertLost({ people, spaces, rebuilt }: RebuildState): string[] {
  if (rebuilt.length === 0 && people + spaces > 0)
    throw new Error(
      `This database is in use: it has ${people} people and ${spaces} spaces. Only a freshly migrated one can be rebuilt. Start the portal afterwards.`,
    )
  return rebuilt
}

/** Without the admission policies, people other than cluster admins may have written the cluster's data. */
async function assertFenced(clusters: Clusters, name: string): Promise<void> {
  const faults = await listFenceFaults(clusters.get(name))
  if (faults.length > 0)
    throw new Error(
      `Not all admission policies of cluster ${name} are in force, so its data may be forged. Apply the manifests, check who could have written to it, and try again.\n${faults.map(({ policy, fault }) => `  ${policy}: ${fault}`).join('\n')}`,
    )
}

function printPlan(
  { people, missing }: RebuildPlan,
  due: RebuildPlan['clusters'],
  file: RecoveryFile | null,
  print: (line: string) => void,
): void {
  print(`${people.length} people${file ? `, with those of the export of ${file.at.toISOString()}` : ''}`)
  for (const { name, spaces, grants } of due) print(`${name}: ${spaces.length} spaces, ${grants.length} roles in them`)
  for (const sentence of missing) print(`  ${sentence}`)
  for (const sentence of file ? notRestored : [...notRestored, ...withoutFile]) print(`  ${sentence}`)
}

/** What no cluster records. */
const notRestored = [
  'Not restored: requests, offers, reviews, inboxes, webhooks, filters, and the trail (see its archives and deliveries).',
  'Not restored: credentials. Everyone has to sign in and download their kubeconfigs again.',
  'Not restored: the spaces declared in Git. Their owners have to hand them to Git again in the portal.',
  'Roles from the identity provider’s groups, and platform roles, apply again once people sign in.',
]
const withoutFile = [
  'Without an export, people who are on no cluster get a new handle, and the policy comes from the environment.',
  'Without an export, only people who should have access on a cluster are recognized as deactivated. Check the People page.',
]
