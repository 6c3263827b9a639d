import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { selectPeopleOfCluster } from '#lib/db/select-people-of-cluster.ts'
import { selectReadySpaces } from '#lib/db/select-ready-spaces.ts'
import { isAppError } from '#lib/domain/errors.ts'
import type { Cluster } from '#lib/kube/cluster.ts'
import { listPeople } from '#lib/kube/list-people.ts'
import { ensurePeople } from './ensure-people.ts'
import { repairDrift } from './repair-drift.ts'

const atOnce = 4

/**
 * The full pass over a cluster: what its watch missed, for whatever reason, is found here. A space that can't be looked at
 * keeps none of the others from it.
 * @returns how many spaces had drifted
 * @throws AppError cluster_unreachable, cluster_busy when the cluster doesn't answer: then no space is looked at
 */
export async function checkAllForDrift(ctx: SystemContext, clusterName: string): Promise<number> {
  await restorePeople(ctx, ctx.clusters.get(clusterName)).catch((error: unknown) => {
    if (isAppError(error, 'cluster_unreachable', 'cluster_busy')) throw error
    ctx.log.warn({ error, cluster: clusterName }, 'the people of a cluster could not be looked at')
  })
  let drifted = 0
  let after = ''
  for (;;) {
    const ids = await selectReadySpaces(ctx.db, clusterName, after)
    const queue = [...ids]
    await Promise.all(
      Array.from({ length: atOnce }, async () => {
        for (let id = queue.shift(); id !== undefined; id = queue.shift()) {
          if (await hadDrifted(ctx, id)) drifted++
        }
      }),
    )
    const last = ids.at(-1)
    if (last === undefined) return drifted
    after = last
  }
}

const hadDrifted = (ctx: SystemContext, spaceId: string): Promise<boolean> =>
  repairDrift(ctx, spaceId).then(
    (drifted) => drifted.length > 0,
    (error: unknown) => {
      ctx.log.warn({ error, spaceId }, 'a space could not be looked at')
      return false
    },
  )

/** A person whose ServiceAccount somebody deleted gets it back; who is there is not written again. */
async function restorePeople(ctx: SystemContext, cluster: Cluster): Promise<void> {
  const [wanted, there] = await Promise.all([
    selectPeopleOfCluster(ctx.db, cluster.name, ctx.clock()),
    listPeople(cluster),
  ])
  const missing = wanted.filter(({ handle }) => !there.has(handle))
  await ensurePeople(cluster, missing, { force: true })
}
