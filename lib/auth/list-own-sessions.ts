import type { Db } from '#lib/db/client.ts'
import { type SessionListed, selectSessions } from '#lib/db/select-sessions.ts'
import { sessionIdleMs } from './session-rules.ts'

/** A person's living sessions, newest first. */
export const listOwnSessions = (db: Db, userId: string, now: Date): Promise<SessionListed[]> =>
  selectSessions(db, { userId, now, idleSince: new Date(now.getTime() - sessionIdleMs) })
