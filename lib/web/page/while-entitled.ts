import type { LiveSession } from '#lib/auth/session/read-session.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** How often a download asks whether it may go on. */
const checkMs = 1_000

/**
 * Goes on with a download only while the person is signed in with the platform role with which it began.
 * @param sessionNow reads the session again
 * @throws AppError forbidden when it has to stop: the file then breaks off, and the browser says so
 */
export async function* whileEntitled<T>(
  pieces: AsyncIterable<T>,
  platformRole: PlatformRole,
  sessionNow: () => Promise<LiveSession | null>,
  clock: () => number = Date.now,
): AsyncGenerator<T> {
  let checkedAt = clock()
  for await (const piece of pieces) {
    if (clock() - checkedAt >= checkMs) {
      checkedAt = clock()
      if ((await sessionNow())?.actor.platformRole !== platformRole) throw new AppError('forbidden')
    }
    yield piece
  }
}
