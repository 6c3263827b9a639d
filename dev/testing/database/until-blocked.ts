import type pg from 'pg'
import { expect } from 'vitest'

/**
 * Waits until a session waits for a transaction's locks.
 * @param holder the transaction’s client
 * @param pool has other connections to the same server
 */
export async function untilBlockedBy(holder: pg.ClientBase, pool: pg.Pool): Promise<void> {
  const { rows } = await holder.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  const waiting = () =>
    pool.query('SELECT FROM pg_stat_activity WHERE $1 = ANY (pg_blocking_pids(pid))', [rows[0]?.pid])
  await expect.poll(async () => (await waiting()).rowCount, { interval: 10 }).toBeGreaterThan(0)
}
