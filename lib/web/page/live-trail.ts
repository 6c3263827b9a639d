import 'server-only'
import type { NewestRow } from '#lib/features/audit/model/audit-view.ts'
import { readActivityState, readTrailState } from '#lib/features/audit/use-cases/read-trail-state.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { notifications } from '#lib/web/process/notifications.ts'
import { liveStream } from './live-stream.ts'
import type { LiveContext } from './session-stream.ts'

/** Blocks are sealed up to twice a second; a stream checks for new ones once in this time, in milliseconds. */
const restMs = 1_000

/**
 * A stream of `change` events while entries are added to the trail. It begins with one if an entry is so recent that
 * the page may not show it.
 * @throws AppError as liveStream; forbidden
 */
export const liveTrail = (request: Request): Promise<Response> => live(request, (ctx) => readTrailState(ctx))

/**
 * The same for a space's activity.
 * @throws AppError as liveStream; not_found, forbidden
 */
export const liveActivity = (request: Request, space: SpaceKey): Promise<Response> =>
  live(request, (ctx) => readActivityState(ctx, { space }))

/** @param readNewest reads the newest entry, if the person may see it */
function live(request: Request, readNewest: (ctx: LiveContext) => Promise<NewestRow | null>): Promise<Response> {
  let newest: NewestRow | null | undefined
  // The outcome of the newest action may come with the next block.
  let changed = false
  let wasChanged = false
  return liveStream(request, {
    async accessFingerprint(ctx) {
      const now = await readNewest(ctx)
      wasChanged = changed
      changed = newest !== undefined && now?.seq !== newest?.seq
      newest = now
      return 'may read'
    },
    hasNews: () => changed || wasChanged,
    watch: (_ctx, { onDatabaseChange, onChange, signal }) =>
      new Promise((resolve) => {
        if (newest?.isFresh) onChange()
        let resting: NodeJS.Timeout | undefined
        const stop = notifications().onTrail(() => {
          resting ??= setTimeout(() => {
            resting = undefined
            onDatabaseChange()
          }, restMs)
        })
        const end = () => {
          clearTimeout(resting)
          stop()
          resolve()
        }
        signal.addEventListener('abort', end, { once: true })
        if (signal.aborted) end()
      }),
  })
}
