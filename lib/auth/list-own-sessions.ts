import type { Pool } from '#lib/db/pool.ts'
import { type SessionListed, selectSessions } from '#lib/db/select-sessions.ts'
import { sessionIdleMs } from './session-rules.ts'

/** A person's living sessions, newest first. */
export const listOwnSessions = (pool: Pool, userId: string, now: Date): Promise<SessionListed[]> =>
  selectSessions(pool, { userId, now, idleSince: new Date(now.getTime() - sessionIdleMs) })
