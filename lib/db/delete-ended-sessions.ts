import type { Db } from './client.ts'

/** Removes sessions that ended before a time, some at once; whoever signs in cleans up a little. */
export async function deleteEndedSessions(db: Db, before: { expired: Date; lastSeen: Date }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (
      SELECT id FROM session WHERE expires_at <= ${before.expired} OR last_seen_at <= ${before.lastSeen}
      LIMIT 100 FOR UPDATE SKIP LOCKED)`
}
