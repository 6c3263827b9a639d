import type { Db } from '#lib/db/client.ts'
import { listSessions, type SessionListed } from '#lib/db/list-sessions.ts'
import { sessionIdleMs } from './session-rules.ts'

/** A person's living sessions, newest first. */
export const listOwnSessions = (db: Db, userId: string, now: Date): Promise<SessionListed[]> =>
  listSessions(db, { userId, now, idleSince: new Date(now.getTime() - sessionIdleMs) })
