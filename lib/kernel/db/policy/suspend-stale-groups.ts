import { Prisma, type Tx } from '#lib/kernel/db/client.ts'
import { pushedUntilSql } from '#lib/kernel/db/people/group-member-sql.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'

/** A pushed group that is suspended or resumed. */
export type SuspendedGroup = { id: string; name: string; issuer: string }

const take = (tx: Tx, where: Prisma.Sql, suspendedAt: Date | null, limit: number): Promise<SuspendedGroup[]> =>
  tx.$queryRaw<SuspendedGroup[]>(Prisma.sql`
    WITH due AS (
      SELECT pushed_group.id FROM scim_group pushed_group WHERE ${where} ORDER BY pushed_group.id LIMIT ${limit}
      FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE scim_group g SET suspended_at = ${suspendedAt} FROM due WHERE g.id = due.id
    RETURNING g.id, g.display_name AS name, g.issuer`)

/**
 * Takes groups that weren't pushed for too long, and marks them in this transaction. Concurrent workers take different
 * ones. @returns at most `limit`
 */
export const suspendStaleGroups = (tx: Tx, at: Date, limit: number): Promise<SuspendedGroup[]> =>
  take(tx, Prisma.sql`pushed_group.suspended_at IS NULL AND ${pushedUntilSql} <= now()`, at, limit)

/** Takes suspended groups that count again, because a token was used or the policy changed. */
export const takeResumedGroups = (tx: Tx, limit: number): Promise<SuspendedGroup[]> =>
  take(tx, Prisma.sql`pushed_group.suspended_at IS NOT NULL AND (${pushedUntilSql} <= now()) IS NOT TRUE`, null, limit)

/** @returns when the first pushed groups stop counting without further token use; null: not in the next hours */
export async function findPushedSuspension(pool: Pool, withinHours: number): Promise<Date | null> {
  const [row] = await runSql<{ until: Date | null }>(
    pool,
    Prisma.sql`
    SELECT min(p.until) AS until FROM (
      SELECT ${pushedUntilSql} AS until FROM scim_group pushed_group WHERE pushed_group.suspended_at IS NULL) p
    WHERE p.until > now() AND p.until <= now() + make_interval(hours => ${withinHours}::int)`,
  )
  return row?.until ?? null
}
