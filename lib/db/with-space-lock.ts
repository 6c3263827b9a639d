import { AppError } from '../domain/errors.ts'
import type { Pool } from './pool.ts'

/**
 * Runs while holding the space's lock, in all processes together. The lock lives on a connection of its own: when the
 * process dies, the connection ends and the lock with it.
 * @throws AppError space_busy when somebody else holds it for longer than the pool lets a statement take
 */
export async function withSpaceLock<T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 7))', [spaceId])
  } catch (cause) {
    client.release(true)
    throw new AppError('space_busy', { cause })
  }
  try {
    return await run()
  } finally {
    await client.query(`SELECT pg_advisory_unlock(hashtextextended($1, 7))`, [spaceId]).catch((error: Error) => {
      broken = error
    })
    client.release(broken)
  }
}
