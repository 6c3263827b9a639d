import type { Pool } from './pool.ts'

/** @returns how many jobs are waiting or running; @throws when the database does not answer */
export async function countQueue(pool: Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>('SELECT queue_length()::int AS count')
  return rows[0]?.count ?? 0
}
