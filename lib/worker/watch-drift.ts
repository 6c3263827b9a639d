import { repairDrift } from '#lib/broker/reconcile/repair-drift.ts'
import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { enqueueReconcile } from '#lib/db/enqueue-reconcile.ts'
import { findSpaceStatus } from '#lib/db/find-space-status.ts'
import { watchManaged } from '#lib/kube/watch-managed.ts'

/** Events of one space within this time cause one check. */
const gatherMs = 250
/** More spaces of one cluster at once are not drift but a cluster in trouble: the full pass checks those. */
const maxWaiting = 2_000

/**
 * Watches our objects on every cluster, and checks a space when one of its objects changes or disappears. Several
 * workers do so side by side; the space's lock lets one check at a time, and the second finds everything in order.
 */
export function watchDrift(ctx: SystemContext): { stop(): void } {
  const stopped = new AbortController()
  for (const name of ctx.clusters.names) watchCluster(ctx, name, stopped.signal)
  return { stop: () => stopped.abort() }
}

function watchCluster(ctx: SystemContext, name: string, signal: AbortSignal): void {
  const waiting = new Map<string, NodeJS.Timeout>()

  function checkSoon(spaceId: string): void {
    if (waiting.has(spaceId) || waiting.size >= maxWaiting) return
    waiting.set(
      spaceId,
      setTimeout(() => {
        waiting.delete(spaceId)
        check(spaceId).catch((error: unknown) =>
          ctx.log.warn({ error, spaceId }, 'could not check a change on the cluster'),
        )
      }, gatherMs),
    )
  }

  async function check(spaceId: string): Promise<void> {
    const drifted = await repairDrift(ctx, spaceId)
    if (drifted.length > 0) ctx.log.info({ spaceId, drifted }, 'drift was repaired')
    if ((await findSpaceStatus(ctx.db, spaceId)) === 'deleting') await enqueueReconcile(ctx.db, spaceId, 0)
  }

  signal.addEventListener('abort', () => {
    for (const timer of waiting.values()) clearTimeout(timer)
  })
  watchManaged(ctx.clusters.get(name), {
    onChange: (spaceId, _ref, event) => {
      if (event !== 'added') checkSoon(spaceId)
    },
    onTrouble: (error) => ctx.log.warn({ error, cluster: name }, 'a watch on the cluster failed and will be retried'),
    signal,
  }).catch((error: unknown) => ctx.log.error({ error, cluster: name }, 'the watch on the cluster ended'))
}
