import { Prisma } from '#lib/kernel/db/client.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { runSql } from '#lib/kernel/db/run-sql.ts'
import { nextMonth, type TrailMonth } from '#lib/kernel/model/audit/trail-month.ts'
import { selectArchivedMonths } from './archive-month.ts'

export type BlocksOfTime = { first: number | null; last: number | null; rows: number }

/** @returns the first and last block sealed in a period (null: none), and their number of rows */
export async function findBlocksOfTime(pool: Pool, from: Date | null, until: Date | null): Promise<BlocksOfTime> {
  const [found] = await runSql<BlocksOfTime>(
    pool,
    Prisma.sql`
    SELECT min(number)::float8 AS first, max(number)::float8 AS last, coalesce(sum(rows), 0)::float8 AS rows FROM audit_block
    WHERE (${from}::timestamptz IS NULL OR sealed_at >= ${from}) AND (${until}::timestamptz IS NULL OR sealed_at < ${until})`,
  )
  return found ?? { first: null, last: null, rows: 0 }
}

const bound = /TO \('?(\d{6})/

/**
 * @returns the months from the chain’s first to the current one without a partition of rows or blocks that aren’t
 * archived
 */
export async function selectMissingMonths(pool: Pool): Promise<TrailMonth[]> {
  const { rows } = await pool.query<{ of: string; name: string; bound: string; current: number }>(
    `SELECT i.inhparent::regclass::text AS of, c.relname AS name, pg_get_expr(c.relpartbound, c.oid) AS bound,
       to_char(now() AT TIME ZONE 'UTC', 'YYYYMM')::int AS current
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent IN ('audit_event'::regclass, 'audit_block'::regclass)`,
  )
  const monthsOf = (table: string) =>
    rows.filter(({ of }) => of === table).map(({ name }) => Number(/_(\d{6})$/.exec(name)?.[1] ?? 0))
  const [events, blocks] = [monthsOf('audit_event'), monthsOf('audit_block')]
  const archived = (await selectArchivedMonths(pool)).map(({ month }) => month)
  // The partition of older rows ends where the chain’s first month begins.
  const ends = rows.filter(({ name }) => name.endsWith('_before')).map((one) => Number(bound.exec(one.bound)?.[1]))
  const first = Math.min(...[...ends, ...events, ...archived].filter((month) => month > 0))
  const missing: TrailMonth[] = []
  for (let month = first; month <= (rows[0]?.current ?? 0); month = nextMonth(month))
    if (!archived.includes(month) && !(events.includes(month) && blocks.includes(month))) missing.push(month)
  return missing
}
