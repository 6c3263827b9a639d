import { type LoadedSpace, loadDesiredSpace } from '#lib/kernel/db/spaces/load-desired-space.ts'
import { findClusterOfSpace } from '#lib/kernel/db/spaces/space-row.ts'
import { withSpaceLock } from '#lib/kernel/db/spaces/with-space-lock.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'

/**
 * Runs code while holding a space's lock, with the current space.
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
