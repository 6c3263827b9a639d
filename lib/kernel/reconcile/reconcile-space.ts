import type { LoadedSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { metrics } from '#lib/observability/metrics.ts'
import { reconcileDeletion } from './reconcile-deletion.ts'
import { reconcileLiving } from './reconcile-living.ts'
import type { Reconciled } from './reconciled.ts'
import { withLockedSpace } from './with-locked-space.ts'

/**
 * Brings one space on its cluster to its desired state: creates, changes, repairs or deletes it, for use cases, jobs,
 * drift and end dates. Level-triggered and idempotent. Holds the space's lock.
 * @returns whether the cluster matches; expected failures are a result, stored on the space
 */
export async function reconcileSpace(ctx: SystemContext, spaceId: string): Promise<Reconciled> {
  const end = metrics().reconcileDuration.startTimer()
  const result = (await withLockedSpace<Reconciled>(ctx, spaceId, async (loaded) => {
    if (loaded.status === 'deleted') return { settled: true }
    if (loaded.status === 'deleting') return reconcileDeletion(ctx, loaded)
    if (isSettled(loaded)) return { settled: true }
    return reconcileLiving(ctx, loaded)
  })) ?? { settled: true }
  end({ outcome: result.settled ? 'ok' : result.code })
  return result
}

const isSettled = (space: LoadedSpace): boolean =>
  space.status === 'ready' && space.observedGeneration >= space.generation
