import type { Pool } from '#lib/kernel/db/pool.ts'

/**
 * Indexes words of the trail that nobody indexed yet, so that searches find them without reading everything.
 * @param maxChunks of up to 1,000 rows each
 * @returns how many chunks; none while another process does it
 */
export async function indexTrail(pool: Pool, maxChunks: number): Promise<number> {
  const { rows } = await pool.query<{ chunks: number }>('SELECT index_trail($1) AS chunks', [maxChunks])
  return rows[0]?.chunks ?? 0
}
