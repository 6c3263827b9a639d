import type { Db } from './client.ts'

/** Removes sessions that have ended by the clock, some at a time; whoever signs in cleans up a little. */
export async function deleteEndedSessions(db: Db, { now, idleSince }: { now: Date; idleSince: Date }): Promise<void> {
  await db.$executeRaw`
    DELETE FROM session WHERE id IN (
      SELECT id FROM session WHERE expires_at <= ${now} OR last_seen_at <= ${idleSince} LIMIT 100 FOR UPDATE SKIP LOCKED)`
}
