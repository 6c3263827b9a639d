import { viewSpace } from '#lib/kernel/define/view-space.ts'
import { watchSpaceInside } from '#lib/kube/inside/watch-space-inside.ts'

type Watching = {
  onChange: () => void
  /** Subscribes to changes in the database; returns the function to unsubscribe. */
  onSpace: (spaceId: string, heard: () => void) => () => void
  signal: AbortSignal
}

/**
 * Reports changes to what a space's page shows: in the database, and (for members) inside the space.
 * @returns when the signal is aborted;
 * @throws AppError not_found; rate_limited when one person opens too many in a short time
 */
export const watchSpace = viewSpace({
  permission: 'read-space',
  async read({ ctx, space }, { onChange, onSpace, signal }: Watching) {
    await ctx.withinRateLimit('open-live', ctx.actor.userId, () => Promise.resolve())
    const stop = onSpace(space.id, onChange)
    const aborted = new Promise<void>((resolve) => {
      signal.addEventListener('abort', () => resolve(), { once: true })
      if (signal.aborted) resolve()
    })
    try {
      if (space.standing && space.namespaceUid) {
        await watchSpaceInside(ctx.clusters.get(space.cluster), ctx.actor, space.namespace, {
          ...{ onChange, signal, clock: ctx.clock },
        })
      }
      await aborted
    } finally {
      stop()
    }
  },
})
