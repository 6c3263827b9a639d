import type { LiveSession } from '#lib/auth/session/read-session.ts'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

/** The interval between access checks of a download, in milliseconds. */
const checkMs = 1_000

/**
 * Continues a download only while the person is signed in with the same platform role.
 * @param sessionNow reads the session again
 * @throws AppError forbidden when access ends: the file is cut off, and the browser reports a failed download
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
