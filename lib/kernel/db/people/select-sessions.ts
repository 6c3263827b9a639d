import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { SessionListed } from '#lib/kernel/model/people/person-view.ts'

/** A person's living sessions, newest first; at most `limit`. */
export const selectSessions = (
  pool: Pool,
  { userId, now, idleSince }: { userId: string; now: Date; idleSince: Date },
  limit: number,
): Promise<SessionListed[]> =>
  runSql<SessionListed>(
    pool,
    Prisma.sql`
    SELECT id, created_at AS "createdAt", last_seen_at AS "lastSeenAt", expires_at AS "expiresAt",
      source_address AS "sourceAddress", user_agent AS "userAgent"
    FROM session WHERE user_id = ${userId}::uuid AND expires_at > ${now} AND last_seen_at > ${idleSince}
    ORDER BY created_at DESC LIMIT ${limit}`,
  )
