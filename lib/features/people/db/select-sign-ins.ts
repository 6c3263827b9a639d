import { listed } from '#lib/kernel/db/audit/trail-sql.ts'
import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import type { SignInListed } from '#lib/kernel/model/people/person-view.ts'

/** @returns at most `limit` sign-ins of a person in the trail, including refused ones, newest first */
export const selectSignIns = (pool: Pool, userId: string, limit: number): Promise<SignInListed[]> =>
  runSql<SignInListed>(
    pool,
    Prisma.sql`
    SELECT e.id, e.at, coalesce(e.outcome::text, 'unknown') AS outcome, e.reason, e.source_address AS "sourceAddress",
      e.user_agent AS "userAgent"
    FROM audit_event e
    WHERE e.actor_id = ${userId}::uuid AND e.action = 'session.sign-in' AND ${listed('e')}
    ORDER BY e.seq DESC LIMIT ${limit}`,
  )
