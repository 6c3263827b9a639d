import type { Pool } from './pool.ts'

/**
 * @returns how many rows the trail has by Postgres's own estimate, and how much disk space it takes with its indexes
 */
export async function measureTrail(pool: Pool): Promise<{ rows: number; bytes: number }> {
  const { rows } = await pool.query<{ rows: number; bytes: number }>(
    `SELECT greatest(c.reltuples, s.n_live_tup)::float8 AS rows, pg_total_relation_size(c.oid)::float8 AS bytes
     FROM pg_class c JOIN pg_stat_user_tables s ON s.relid = c.oid WHERE c.oid = 'audit_event'::regclass`,
  )
  return rows[0] ?? { rows: Number.NaN, bytes: Number.NaN }
}
