import type { Pool } from '#lib/kernel/db/pool.ts'

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
