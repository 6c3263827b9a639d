import { authorizeSpace, type SpaceKey } from '#lib/broker/use-case/authorize.ts'
import type { BrokerContext } from '#lib/broker/use-case/context.ts'
import { watchSpaceInside } from '#lib/kube/watch-space-inside.ts'

/**
 * Tells when something about a space changed that its page shows: in the database, and (for those who are in it) inside of it.
 * @param onSpace how to hear of changes in the database; returns how to stop
 * @returns when the signal is aborted; @throws AppError not_found; rate_limited for who opens too many in a short time
 */
export async function watchSpace(
  ctx: BrokerContext,
  key: SpaceKey,
  {
    onChange,
    onSpace,
    signal,
  }: { onChange: () => void; onSpace: (spaceId: string, heard: () => void) => () => void; signal: AbortSignal },
): Promise<void> {
  const space = await authorizeSpace(ctx, 'read-space', key)
  await ctx.withinAllowance('open-live', ctx.actor.userId, () => Promise.resolve())
  const stop = onSpace(space.id, onChange)
  const aborted = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true })
    if (signal.aborted) resolve()
  })
  try {
    if (space.standing && space.namespaceUid) {
      await watchSpaceInside(ctx.clusters.get(space.cluster), ctx.actor, space.namespace, { onChange, signal })
    }
    await aborted
  } finally {
    stop()
  }
}
