import { enqueueReconcile } from '#lib/kernel/db/spaces/enqueue-reconcile.ts'
import { repairDrift } from '#lib/kernel/reconcile/repair-drift.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import type { ManagedSnapshot } from '#lib/kube/objects/tracked-objects.ts'
import { watchManaged } from '#lib/kube/objects/watch-managed.ts'
import { findSpaceStatus } from '#lib/worker/db/space-status.ts'

/** Events of one space within this time cause one check. */
const gatherMs = 250
const retryMs = 10_000
/** Each check holds a lock connection of the cluster, which other work needs too (docs/configuration.md). */
const checksAtOnce = 2
/** More spaces of one cluster at once mean a cluster in trouble, not drift: the full pass checks those. */
const maxWaiting = 2_000

/**
 * Watches Spaceport's objects on a cluster, and checks a space when one of its objects changes or disappears; again if
 * the check fails.
 * @param since where to start watching; by default, now
 * @returns once the signal is aborted and running checks have ended
 */
export async function watchDrift(
  ctx: SystemContext,
  cluster: string,
  since: ManagedSnapshot | undefined,
  signal: AbortSignal,
): Promise<void> {
  const waiting = new Map<string, NodeJS.Timeout>()
  const due: string[] = []
  const checking = new Set<Promise<void>>()

  function checkIn(ms: number, spaceId: string): void {
    if (signal.aborted || waiting.has(spaceId) || waiting.size >= maxWaiting) return
    const timer = setTimeout(() => {
      due.push(spaceId)
      if (checking.size >= checksAtOnce) return
      const checks = checkDue()
      checking.add(checks)
      void checks.finally(() => checking.delete(checks))
    }, ms)
    waiting.set(spaceId, timer)
  }

  async function checkDue(): Promise<void> {
    for (let id = due.shift(); id !== undefined && !signal.aborted; id = due.shift()) {
      waiting.delete(id)
      await check(id)
    }
  }

  async function check(spaceId: string): Promise<void> {
    try {
      const drifted = await repairDrift(ctx, spaceId)
      if (drifted.length > 0) ctx.log.info({ spaceId, drifted }, 'drift was repaired')
      if ((await findSpaceStatus(ctx.db, spaceId)) === 'deleting') await enqueueReconcile(ctx.db, spaceId, 0)
    } catch (error) {
      ctx.log.warn({ error, spaceId }, 'could not check a change on the cluster; retrying')
      checkIn(retryMs, spaceId)
    }
  }

  try {
    await watchManaged(ctx.clusters.get(cluster), {
      since,
      onChange: (spaceId, _ref, event) => {
        if (event !== 'added') checkIn(gatherMs, spaceId)
      },
      onSynced: () => ctx.log.info({ cluster }, 'every change on the cluster is now noticed'),
      onTrouble: (error) => ctx.log.warn({ error, cluster }, 'a watch on the cluster failed and will be retried'),
      signal,
    })
  } finally {
    for (const timer of waiting.values()) clearTimeout(timer)
    await Promise.all(checking)
  }
}
