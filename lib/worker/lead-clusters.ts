import { checkRights } from '#lib/features/clusters/use-cases/check-rights.ts'
import { contactInTurn } from '#lib/features/clusters/use-cases/contact-in-turn.ts'
import { readNodesInTurn } from '#lib/features/clusters/use-cases/read-nodes-in-turn.ts'
import { isAppError } from '#lib/kernel/model/errors.ts'
import { checkAllForDrift } from '#lib/kernel/reconcile/check-all-for-drift.ts'
import { refreshUsageInTurn } from '#lib/kernel/reconcile/refresh-usage.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { ManagedSnapshot } from '#lib/kube/objects/tracked-objects.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { competeForLease } from '#lib/worker/db/compete-for-lease.ts'
import { followDeclared } from './follow-declared.ts'
import { keepHealth } from './keep-health.ts'
import { repeat } from './repeat.ts'
import { watchDrift } from './watch-drift.ts'

const fullPass = { name: 'check all spaces for drift', everyMs: 600_000, firstMs: 0 }
const reaching = { name: 'reach the cluster', everyMs: 5_000, firstMs: 0 }
const duties = () =>
  [
    { name: 'refresh usage', everyMs: 60_000, firstMs: 1_000, run: refreshUsageInTurn() },
    { name: 'check rights', everyMs: 60_000, firstMs: 2_000, run: checkRights },
    { name: 'add up node capacity', everyMs: 60_000, firstMs: 3_000, run: readNodesInTurn() },
  ] as const

/**
 * Lets one worker at a time lead each cluster, so that the API server's load does not depend on the number of workers:
 * the leader watches for drift, checks all spaces, follows the objects that declare spaces, keeps the health of
 * spaces, and reads usage, nodes and foreign rights. Expirations, the queue and admission policies must not depend on a
 * leader: they run in every worker (schedules.ts, queue.ts).
 * @returns how to stop: leases are given back once running work has ended
 */
export function leadClusters(ctx: SystemContext, databaseUrl: string): { stop(): Promise<void> } {
  const leases = ctx.clusters.names.map((cluster) => {
    metrics().leadsCluster.set({ cluster }, 0)
    return competeForLease({
      databaseUrl,
      applicationName: 'spaceport-worker-lease',
      name: `cluster/${cluster}`,
      hold: (signal) => lead(ctx, cluster, signal),
      onTrouble: (error) => ctx.log.warn({ error, cluster }, 'leading a cluster failed; retrying'),
    })
  })
  return {
    async stop() {
      await Promise.all(leases.map((lease) => lease.stop()))
    },
  }
}

/**
 * Leads until the signal is aborted, or until the cluster is unreachable from here or refuses our credentials: another
 * worker may reach it.
 */
async function lead(ctx: SystemContext, cluster: string, lost: AbortSignal): Promise<void> {
  const resigned = new AbortController()
  const signal = AbortSignal.any([lost, resigned.signal])
  const about = { cluster }
  const options = { signal, about }
  const contact = contactInTurn()
  /** Other answers show that the cluster is reachable: another leader would not help a busy one. */
  async function reach(): Promise<void> {
    await contact(ctx, cluster).catch((error: unknown) => {
      if (!isAppError(error)) return
      const status = 'httpStatus' in error ? error.httpStatus : undefined
      const unreachable = status === undefined && ['cluster_unreachable', 'cluster_busy'].includes(error.code)
      if (!unreachable && status !== 401) return
      ctx.log.warn({ error, cluster }, 'a cluster can’t be reached from here; another worker may lead it')
      resigned.abort()
    })
  }
  const listed = Promise.withResolvers<ManagedSnapshot | undefined>()
  const check = () =>
    checkAllForDrift(ctx, cluster, { onListed: listed.resolve, signal }).finally(() => listed.resolve(undefined))

  /** The watch continues where the first full pass has read, so nothing between them is missed. */
  async function watchOn(): Promise<void> {
    await watchDrift(ctx, cluster, await listed.promise, signal)
  }
  async function followOn(): Promise<void> {
    await listed.promise
    await followDeclared(ctx, cluster, signal)
  }
  async function keepOn(): Promise<void> {
    await listed.promise
    await keepHealth(ctx, cluster, signal)
  }
  /** Waits for the lists of the full pass, which are enough load at once. */
  async function doDuty(duty: ReturnType<typeof duties>[number]): Promise<void> {
    await listed.promise
    await repeat(ctx, duty, () => duty.run(ctx, cluster), options)
  }

  metrics().leadsCluster.set(about, 1)
  ctx.log.info(about, 'this worker leads a cluster')
  const work = [
    repeat(ctx, reaching, reach, options),
    repeat(ctx, fullPass, check, options).finally(() => listed.resolve(undefined)),
    watchOn(),
    followOn(),
    keepOn(),
    ...duties().map(doDuty),
  ]
  const results = await Promise.allSettled(work.map((each) => each.finally(() => resigned.abort())))
  metrics().leadsCluster.set(about, 0)
  metrics().rightsFindingsCount.remove(about)
  ctx.log.info(about, 'this worker no longer leads a cluster')
  const failure = results.find((result) => result.status === 'rejected')
  if (failure) throw failure.reason
}
