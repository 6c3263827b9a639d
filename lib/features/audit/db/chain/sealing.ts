import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Appends blocks to the trail's chain with what was committed since the last (prisma/migrations, seal_trail).
 * @returns how many rows it sealed, at most `maxRows`; 0 also while another process seals
 */
export async function sealTrail(pool: Pool, maxRows: number): Promise<number> {
  const { rows } = await pool.query<{ sealed: number }>('SELECT seal_trail($1) AS sealed', [maxRows])
  return rows[0]?.sealed ?? 0
}

/** Makes the trail's partitions of this month and the next three, if they aren't there. @returns how many it made */
export async function makeTrailPartitions(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ made: number }>('SELECT make_trail_partitions() AS made')
  return rows[0]?.made ?? 0
}

/** More are not counted. */
const maxCounted = 100_000

export type Sealing = {
  /** Rows that no block has yet, 100,000 at most. */
  unsealed: number
  /** For how many seconds, by the database's clock, the oldest of them has waited; 0 when none waits. */
  ageSeconds: number
  /** The last block's number. */
  blocks: number
}

/** @returns how far the trail's chain is behind what was written */
export async function measureSealing(pool: Pool): Promise<Sealing> {
  const { rows } = await pool.query<Sealing>(
    `SELECT (SELECT count(*) FROM (SELECT FROM audit_unsealed LIMIT ${maxCounted}) waiting)::int AS unsealed,
       coalesce((SELECT extract(epoch FROM clock_timestamp() - e.recorded_at) FROM (SELECT seq FROM audit_unsealed ORDER BY seq LIMIT 1) oldest
         JOIN audit_event e ON e.seq = oldest.seq), 0)::float8 AS "ageSeconds",
       coalesce((SELECT number FROM audit_block ORDER BY number DESC LIMIT 1), 0)::float8 AS blocks`,
  )
  return rows[0] ?? { unsealed: Number.NaN, ageSeconds: Number.NaN, blocks: Number.NaN }
}
