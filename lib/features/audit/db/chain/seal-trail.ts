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
