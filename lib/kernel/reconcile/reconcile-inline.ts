import type { ErrorCode } from '#lib/kernel/model/errors.ts'
import type { SystemContext } from '#lib/kernel/use-case/context.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { reconcileSpace } from './reconcile-space.ts'

/**
 * Reconciles inline, after the transaction of the change. After `ctx.patienceMs` it continues in the background; if it
 * fails or dies, the worker finishes the queued job.
 * @returns `settled`, `pending`, or the code of an expected failure
 */
export async function reconcileInline(ctx: SystemContext, spaceId: string): Promise<'settled' | 'pending' | ErrorCode> {
  const work = reconcileSpace(ctx, spaceId).then(
    (result) => (result.settled ? 'settled' : result.code),
    (error: unknown) => {
      ctx.log.error(
        { error, spaceId, requestId: ctx.origin.requestId },
        'inline reconcile failed; the worker will retry',
      )
      return 'pending' as const
    },
  )
  return withDeadline(work, ctx.patienceMs, () => 'pending')
}
