import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'

export type SessionListed = {
  id: string
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
  sourceAddress: string | null
  userAgent: string | null
}

const maxSessions = 20

/** A person's living sessions, newest first; at most twenty. */
export const selectSessions = (
  pool: Pool,
  { userId, now, idleSince }: { userId: string; now: Date; idleSince: Date },
): Promise<SessionListed[]> =>
  runSql<SessionListed>(
    pool,
    Prisma.sql`
    SELECT id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt",
      source_address AS "sourceAddress", user_agent AS "userAgent"
    FROM session WHERE user_id = ${userId}::uuid AND expires_at > ${now} AND last_seen_at > ${idleSince}
    ORDER BY created_at DESC LIMIT ${maxSessions}`,
  )
