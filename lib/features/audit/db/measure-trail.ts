import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * @returns the trail's number of rows by Postgres's own estimate, and its size on disk with indexes, over all months
 */
export async function measureTrail(pool: Pool): Promise<{ rows: number; bytes: number }> {
  const { rows } = await pool.query<{ rows: number; bytes: number }>(
    `SELECT coalesce(sum(greatest(c.reltuples, s.n_live_tup)), 0)::float8 AS rows, coalesce(sum(pg_total_relation_size(c.oid)), 0)::float8 AS bytes
     FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid JOIN pg_stat_user_tables s ON s.relid = c.oid
     WHERE i.inhparent = 'audit_event'::regclass`,
  )
  return rows[0] ?? { rows: Number.NaN, bytes: Number.NaN }
}
