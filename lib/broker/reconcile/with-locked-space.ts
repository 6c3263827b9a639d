import type { SystemContext } from '#lib/broker/use-case/context.ts'
import { findClusterOfSpace } from '#lib/db/find-cluster-of-space.ts'
import { type LoadedSpace, loadDesiredSpace } from '#lib/db/load-desired-space.ts'
import { withSpaceLock } from '#lib/db/with-space-lock.ts'

/**
 * Runs while holding a space's lock, with the space as it is then.
 * @returns the result of `run`; null if there is no such space
 */
export async function withLockedSpace<T>(
  ctx: SystemContext,
  spaceId: string,
  run: (loaded: LoadedSpace) => Promise<T>,
): Promise<T | null> {
  const cluster = await findClusterOfSpace(ctx.db, spaceId)
  if (cluster === null) return null
  return withSpaceLock(ctx.locks.of(cluster), spaceId, async () => {
    const loaded = await loadDesiredSpace(ctx.db, spaceId, ctx.clock())
    return loaded && (await run(loaded))
  })
}
