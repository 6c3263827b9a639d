import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { createQueues } from '#lib/kernel/limits/queues.ts'
import { AppError } from '#lib/kernel/model/errors.ts'

const queues = createQueues(1)

/**
 * Runs code while holding the space's lock across all processes. The lock has its own connection, so it ends with the
 * process. Waiting callers in this process queue without a connection.
 * @throws AppError space_busy when another caller holds it for too long
 */
export const withSpaceLock = <T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> =>
  queues.run(spaceId, () => holdLock(pool, spaceId, run), {
    maxMs: statementTimeoutMs,
    tooLong: () => new AppError('space_busy'),
  })

async function holdLock<T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> {
  const client = await pool.connect()
  let broken: Error | undefined
  try {
    await client.query({
      name: 'lock-space',
      text: 'SELECT pg_advisory_lock(hashtextextended($1, 7))',
      values: [spaceId],
    })
  } catch (cause) {
    client.release(true)
    throw new AppError('space_busy', { cause })
  }
  try {
    return await run()
  } finally {
    const unlock = {
      name: 'unlock-space',
      text: 'SELECT pg_advisory_unlock(hashtextextended($1, 7))',
      values: [spaceId],
    }
    await client.query(unlock).catch((error: Error) => {
      broken = error
    })
    client.release(broken)
  }
}
