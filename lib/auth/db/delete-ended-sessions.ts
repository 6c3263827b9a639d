import type { Db } from '#lib/kernel/db/client.ts'

/** Removes some of the sessions that ended before an instant; each sign-in cleans up a little. */
export async function deleteEndedSessions(db: Db, before: { expired: Date; lastSeen: Date }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (
      SELECT id FROM session WHERE expires_at <= ${before.expired} OR last_seen_at <= ${before.lastSeen}
      LIMIT 100 FOR UPDATE SKIP LOCKED)`
}
