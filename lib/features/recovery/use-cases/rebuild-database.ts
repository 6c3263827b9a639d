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

/** Ten thousand spaces take some seconds. */
const patienceMs = 10 * 60_000

type Asked = {
  /** As the owner of the tables. */
  db: Db
  /** As the broker. */
  clusters: Clusters
  file: RecoveryFile | null
  /** Whether to do it, or only to say what would be done. */
  does: boolean
  hostname: string
  at: Date
  say: (line: string) => void
}

/**
 * Puts people, spaces and roles back into an empty database from what is written on the clusters. All clusters are read
 * before anything is written; each is then put back in one transaction, and is skipped when it was before.
 * @returns whether there was anything to do
 * @throws Error in words when the database is in use, a cluster doesn't answer or lacks its fences, or sources disagree
 */
export async function rebuildDatabase({ db, clusters, file, does, hostname, at, say }: Asked): Promise<boolean> {
  const before = await inTransaction(db, async (tx) => assertLost(await holdRebuildState(tx)), patienceMs)
  if (file?.policy) parsePolicyRules(JSON.stringify(file.policy.rules))
  const sources = await Promise.all(clusters.names.map((name) => readSource(clusters.get(name))))
  for (const name of clusters.names) await assertFenced(clusters, name)
  const plan = planRebuild(sources, file, { at, newId: randomUUID })
  if (plan.disputes.length > 0) throw new Error(`Nothing was rebuilt.\n${plan.disputes.join('\n')}`)
  const due = plan.clusters.filter(({ name }) => !before.includes(name))
  tell(plan, due, file, say)
  if (due.length === 0) return false
  if (!does) return true
  await upsertClusters(db, clusters.names)
  for (const cluster of due) {
    await inTransaction(db, (tx) => putBack(tx, cluster, plan, file, { hostname, at }, say), patienceMs)
    say(`${cluster.name}: put back.`)
  }
  return true
}

async function putBack(
  tx: Tx,
  cluster: RebuildPlan['clusters'][number],
  { people, missing }: RebuildPlan,
  file: RecoveryFile | null,
  from: { hostname: string; at: Date },
  say: (line: string) => void,
): Promise<void> {
  if (assertLost(await holdRebuildState(tx)).includes(cluster.name)) return
  const others = await insertRebuiltPeople(tx, people)
  if (others.length > 0)
    throw new Error(
      `${cluster.name} can’t be put back: since the last run somebody new has signed in who is, or has the handle of, ${others.join(', ')}. Start again with an empty database that was just migrated, and the web processes stopped.`,
    )
  await insertRebuiltSpaces(tx, cluster, from.at)
  const policy = file?.policy
  if (policy) {
    if (await insertRebuiltPolicy(tx, policy)) say(`The policy is version ${policy.number} again.`)
  }
  await writeEventInTx(
    tx,
    recordRebuild('database.rebuild', cluster.name, from, {
      ...{ spaces: cluster.spaces.length, grants: cluster.grants.length, people: people.length },
      ...{ missing: missing.length, export: file?.at.toISOString() ?? null },
    }),
  )
}

/** @returns the clusters that were put back before; @throws Error when the database isn't one that was lost */
function assertLost({ people, spaces, rebuilt }: RebuildState): string[] {
  if (rebuilt.length === 0 && people + spaces > 0)
    throw new Error(
      `This database is in use: it has ${people} people and ${spaces} spaces. Only one that was just migrated is rebuilt; start the portal afterwards.`,
    )
  return rebuilt
}

/** Without the fences others than cluster admins may have written what the cluster says. */
async function assertFenced(clusters: Clusters, name: string): Promise<void> {
  const faults = await listFenceFaults(clusters.get(name))
  if (faults.length > 0)
    throw new Error(
      `The fences of cluster ${name} aren’t all in force, so others may have written what it says: apply the manifests, look at who could, and try again.\n${faults.map(({ policy, fault }) => `  ${policy}: ${fault}`).join('\n')}`,
    )
}

function tell(
  { people, missing }: RebuildPlan,
  due: RebuildPlan['clusters'],
  file: RecoveryFile | null,
  say: (line: string) => void,
): void {
  say(`${people.length} people${file ? `, with those of the export of ${file.at.toISOString()}` : ''}`)
  for (const { name, spaces, grants } of due) say(`${name}: ${spaces.length} spaces, ${grants.length} roles in them`)
  for (const sentence of missing) say(`  ${sentence}`)
  for (const sentence of file ? lost : [...lost, ...withoutFile]) say(`  ${sentence}`)
}

/** What no cluster knows. */
const lost = [
  'Not put back: requests, offers, reviews, inboxes, webhooks, filters, and the trail (see its archives and deliveries).',
  'Not put back: credentials. Everybody signs in and downloads their kubeconfigs again.',
  'Not put back: which spaces Git declares. Their owners hand them to Git again in the portal.',
  'Roles from the identity provider’s groups count again as soon as their members sign in; roles on the platform too.',
]
const withoutFile = [
  'Without an export: people who are on no cluster come back under another handle, and the policy is that of the environment.',
  'Without an export: who is deactivated is only known of people who should have rights on a cluster. Look at the page of people.',
]
