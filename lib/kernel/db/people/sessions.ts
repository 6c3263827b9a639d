import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { SessionListed } from '#lib/kernel/model/people/person-view.ts'

export type SessionChoice = { only: string } | { except: string | null }

/**
 * Deletes a person's session rows, expired ones too. A trigger notifies open pages.
 * @returns how many were active
 */
export async function endSessions(
  tx: Tx,
  userId: string,
  choice: SessionChoice,
  { at, idleSince }: { at: Date; idleSince: Date },
): Promise<number> {
  const only = 'only' in choice ? choice.only : null
  const except = 'except' in choice ? choice.except : null
  const [row] = await tx.$queryRaw<{ ended: number }[]>`
    WITH gone AS (
      DELETE FROM session WHERE user_id = ${userId}::uuid AND (${only}::uuid IS NULL OR id = ${only}::uuid)
        AND (${except}::uuid IS NULL OR id <> ${except}::uuid)
      RETURNING expires_at, last_seen_at)
    SELECT count(*)::int AS ended FROM gone WHERE expires_at > ${at} AND last_seen_at > ${idleSince}`
  return row?.ended ?? 0
}

/** A person's active sessions, newest first; at most `limit`. */
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
