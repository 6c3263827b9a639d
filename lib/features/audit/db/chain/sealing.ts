import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Appends committed rows to the trail's chain in new blocks (prisma/migrations, seal_trail).
 * @returns the number of rows sealed, at most `maxRows`; 0 also while another process seals
 */
export async function sealTrail(pool: Pool, maxRows: number): Promise<number> {
  const { rows } = await pool.query<{ sealed: number }>('SELECT seal_trail($1) AS sealed', [maxRows])
  return rows[0]?.sealed ?? 0
}

/**
 * Creates missing partitions of the trail for this month and the next three.
 * @returns their number
 */
export async function makeTrailPartitions(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ made: number }>('SELECT make_trail_partitions() AS made')
  return rows[0]?.made ?? 0
}

/** Counting stops here. */
const maxCounted = 100_000

export type Sealing = {
  /** Rows without a block, 100,000 at most. */
  unsealed: number
  /** The wait of the oldest one in seconds, by the database's clock; 0 if none waits. */
  ageSeconds: number
  blocks: number
}

/** @returns how far the chain is behind the trail */
export async function measureSealing(pool: Pool): Promise<Sealing> {
  const { rows } = await pool.query<Sealing>(
    `SELECT (SELECT count(*) FROM (SELECT FROM audit_unsealed LIMIT ${maxCounted}) waiting)::int AS unsealed,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - e.recorded_at) FROM (SELECT seq FROM audit_unsealed ORDER BY seq LIMIT 1) oldest
         JOIN audit_event e ON e.seq = oldest.seq), 0)::float8 AS "ageSeconds",
       coalesce((SELECT number FROM audit_block ORDER BY number DESC LIMIT 1), 0)::float8 AS blocks`,
  )
  return rows[0] ?? { unsealed: Number.NaN, ageSeconds: Number.NaN, blocks: Number.NaN }
}
