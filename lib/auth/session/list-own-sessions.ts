import { selectSessions } from '#lib/kernel/db/people/sessions.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import type { SessionListed } from '#lib/kernel/model/people/person-view.ts'
import { sessionIdleSince } from '#lib/kernel/model/people/session-life.ts'

/** A person's live sessions, newest first. */
export const listOwnSessions = (pool: Pool, userId: string, now: Date): Promise<SessionListed[]> =>
  selectSessions(pool, { userId, now, idleSince: sessionIdleSince(now) }, 20)
