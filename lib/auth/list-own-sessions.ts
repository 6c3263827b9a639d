import type { Pool } from '#lib/db/pool.ts'
import { selectSessions } from '#lib/db/select-sessions.ts'
import type { SessionListed } from '#lib/domain/person-view.ts'
import { sessionIdleSince } from '#lib/domain/session-life.ts'

/** A person's living sessions, newest first. */
export const listOwnSessions = (pool: Pool, userId: string, now: Date): Promise<SessionListed[]> =>
  selectSessions(pool, { userId, now, idleSince: sessionIdleSince(now) }, 20)
