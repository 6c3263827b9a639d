import 'server-only'
import { readAccessFingerprint } from '#lib/features/spaces/use-cases/read-access-fingerprint.ts'
import { watchSpace } from '#lib/features/spaces/use-cases/watch-space.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { notifications } from '#lib/web/process/notifications.ts'
import { liveStream } from './live-stream.ts'

/**
 * A stream of `change` events for a page that shows a space: after changes in the database and, for members, inside the
 * space.
 * @param after when the page was made: what changed before anybody listened for it is told at once
 * @throws AppError as liveStream; not_found
 */
export const liveSpace = (request: Request, key: SpaceKey, after: Date | undefined): Promise<Response> =>
  liveStream(request, {
    judge: (ctx) => readAccessFingerprint(ctx, key),
    watch: (ctx, { heard, onChange, signal }) =>
      watchSpace(ctx, key, { onChange, onSpace: (spaceId) => notifications().onSpace(spaceId, heard, after), signal }),
  })
