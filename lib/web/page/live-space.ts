import 'server-only'
import { readAccessFingerprint } from '#lib/features/spaces/use-cases/read-access-fingerprint.ts'
import { watchSpace } from '#lib/features/spaces/use-cases/watch-space.ts'
import type { SpaceKey } from '#lib/kernel/use-case/authorize.ts'
import { notifications } from '#lib/web/process/notifications.ts'
import { liveStream } from './live-stream.ts'

/**
 * A stream of `change` events for a space's page: after changes in the database and, for members, inside the space.
 * @param after when the page was made; a change between then and the start of the stream is sent at once
 * @throws AppError as liveStream; not_found
 */
export const liveSpace = (request: Request, key: SpaceKey, after: Date | undefined): Promise<Response> =>
  liveStream(request, {
    accessFingerprint: (ctx) => readAccessFingerprint(ctx, key),
    watch: (ctx, { onDatabaseChange, onChange, signal }) =>
      watchSpace(ctx, key, {
        onChange,
        onSpace: (spaceId) => notifications().onSpace(spaceId, onDatabaseChange, after),
        signal,
      }),
  })
