import type { SignInListed } from '#lib/domain/person-view.ts'
import { Prisma } from './client.ts'
import type { Pool } from './pool.ts'
import { runSql } from './run-sql.ts'
import { listed } from './trail-sql.ts'

/** @returns a person's sign-ins and refused ones as the trail has them, newest first; at most `limit` */
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
