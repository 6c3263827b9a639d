import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'

/** The last caller in each space's queue in this process. */
const lines = new Map<string, Promise<void>>()

/**
 * Runs code while holding the space's lock across all processes. The lock has its own connection, so it ends with the
 * process. Waiting callers in this process queue without a connection.
 * @throws AppError space_busy when another caller holds it for too long
 */
export async function withSpaceLock<T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> {
  const release = await takeTurn(spaceId)
  try {
    return await holdLock(pool, spaceId, run)
  } finally {
    release()
  }
}

async function takeTurn(spaceId: string): Promise<() => void> {
  const before = lines.get(spaceId)
  const { promise, resolve } = Promise.withResolvers<void>()
  lines.set(spaceId, promise)
  const release = () => {
    resolve()
    if (lines.get(spaceId) === promise) lines.delete(spaceId)
  }
  if (before === undefined) return release
  const turn = before.then(() => true)
  if (await withDeadline(turn, statementTimeoutMs, () => false)) return release
  void before.then(release)
  throw new AppError('space_busy')
}

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
