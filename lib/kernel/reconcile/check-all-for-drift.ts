import { selectOffboarded } from '#lib/kernel/db/people/find-person.ts'
import { selectPeopleOfCluster } from '#lib/kernel/db/people/select-people-of-cluster.ts'
import { loadReadySpaces } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { noteDriftCheck } from '#lib/kernel/db/spaces/note-drift.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { driftOf } from '#lib/kernel/model/spaces/drift.ts'
import { renderSpace } from '#lib/kernel/model/spaces/render-space.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { Cluster } from '#lib/kube/client/cluster.ts'
import type { ManagedSnapshot } from '#lib/kube/objects/tracked-objects.ts'
import { walkManaged } from '#lib/kube/objects/walk-managed.ts'
import { describePerson } from '#lib/kube/people/apply-person.ts'
import { listPeople } from '#lib/kube/people/list-people.ts'
import { ensurePeople, removePerson } from './ensure-people.ts'
import { repairDrift } from './repair-drift.ts'

/** Each holds a lock connection of the cluster, which other work needs too (docs/configuration.md). */
const repairsAtOnce = 2

/**
 * Runs the full pass over a cluster, which finds what the watch missed. Reads whole lists, so thousands of spaces cost
 * a few dozen requests; only suspects are locked and checked. A space that can't be checked doesn't stop the others,
 * but the pass must be retried.
 * @param options.onListed called after reading the lists and before repairs: a watch continues from there
 * @param options.signal stops further repairs when aborted
 * @returns how many spaces had drifted
 * @throws AppError cluster_unreachable, cluster_busy when the cluster doesn't answer: then no space is repaired
 * @throws Error when a space could not be checked, after the others
 */
export async function checkAllForDrift(
  ctx: SystemContext,
  clusterName: string,
  { onListed, signal }: { onListed?: (snapshot: ManagedSnapshot) => void; signal?: AbortSignal } = {},
): Promise<number> {
  const cluster = ctx.clusters.get(clusterName)
  await restorePeople(ctx, cluster).catch((error: unknown) => {
    if (isAppError(error, 'cluster_unreachable', 'cluster_busy')) throw error
    ctx.log.warn({ error, cluster: clusterName }, 'could not check the people of a cluster')
  })
  const { suspects, snapshot } = await findSuspects(ctx, cluster)
  onListed?.(snapshot)
  let drifted = 0
  let unchecked = 0
  async function checkSuspect(id: string): Promise<void> {
    let isChecked = false
    const onDecided = () => {
      isChecked = true
    }
    try {
      if ((await repairDrift(ctx, id, onDecided)).length > 0) drifted++
    } catch (error) {
      if (!isChecked) unchecked++
      ctx.log.warn({ error, spaceId: id }, 'could not check a space for drift, or repair it')
    }
  }
  await Promise.all(
    Array.from({ length: repairsAtOnce }, async () => {
      for (let id = suspects.pop(); id !== undefined && !signal?.aborted; id = suspects.pop()) await checkSuspect(id)
    }),
  )
  if (signal?.aborted) return drifted
  if (unchecked > 0) throw new Error(`the full pass could not check some spaces: ${unchecked}`)
  await noteDriftCheck(ctx.db, clusterName, ctx.clock())
  return drifted
}

/** @returns the ids of spaces that may have drifted, according to the cluster's lists */
async function findSuspects(
  ctx: SystemContext,
  cluster: Cluster,
): Promise<{ suspects: string[]; snapshot: ManagedSnapshot }> {
  const walk = walkManaged(cluster)
  const suspects: string[] = []
  const idByNamespace = new Map<string, string>()
  for (let after = ''; ; ) {
    const spaces = await loadReadySpaces(ctx.db, cluster.name, after, ctx.clock())
    for (const { wanted, namespaceUid } of spaces) {
      const { found, objects } = await walk.take(wanted.namespace)
      const { drifted, foreign } = driftOf(renderSpace(wanted, ctx.policy.reach), namespaceUid ?? '', found, objects)
      if (drifted.length > 0 || foreign.length > 0) suspects.push(wanted.id)
      else idByNamespace.set(wanted.namespace, wanted.id)
    }
    const last = spaces.at(-1)
    if (last === undefined) break
    after = last.wanted.namespace
  }
  const snapshot = await walk.finish()
  for (const namespace of walk.missed()) {
    const id = idByNamespace.get(namespace)
    if (id !== undefined) suspects.push(id)
  }
  return { suspects, snapshot }
}

/**
 * Restores deleted or changed ServiceAccounts of people. Removes those of offboarded people, which a running reconcile
 * may have written since.
 */
async function restorePeople(ctx: SystemContext, cluster: Cluster): Promise<void> {
  const [wanted, there] = await Promise.all([
    selectPeopleOfCluster(ctx.db, cluster.name, ctx.clock()),
    listPeople(cluster),
  ])
  const missing = wanted.filter((person) => {
    const said = there.get(person.handle)
    return !said || Object.entries(describePerson(person)).some(([name, value]) => said[name] !== value)
  })
  await ensurePeople(cluster, missing, { force: true })
  for (const handle of await selectOffboarded(ctx.db, [...there.keys()])) await removePerson(cluster, handle)
}
