import { AppError } from '#lib/domain/errors.ts'
import { type Pool, statementTimeoutMs } from './pool.ts'

/** Whoever is last in line for a space in this process. */
const lines = new Map<string, Promise<void>>()

/**
 * Runs while holding the space's lock, in all processes together. The lock lives on a connection of its own: when the
 * process dies, the connection ends and the lock with it. Those who wait in this process wait in line without one, so
 * that one space's many take no connection from all others.
 * @throws AppError space_busy when somebody else holds it for too long
 */
export async function withSpaceLock<T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> {
  const over = await takeTurn(spaceId)
  try {
    return await holdLock(pool, spaceId, run)
  } finally {
    over()
  }
}

async function takeTurn(spaceId: string): Promise<() => void> {
  const before = lines.get(spaceId)
  const { promise, resolve } = Promise.withResolvers<void>()
  lines.set(spaceId, promise)
  const over = () => {
    resolve()
    if (lines.get(spaceId) === promise) lines.delete(spaceId)
  }
  if (before === undefined) return over
  const patience = Promise.withResolvers<boolean>()
  const timer = setTimeout(() => patience.resolve(false), statementTimeoutMs)
  const come = await Promise.race([before.then(() => true), patience.promise])
  clearTimeout(timer)
  if (come) return over
  void before.then(over)
  throw new AppError('space_busy')
}

async function holdLock<T>(pool: Pool, spaceId: string, run: () => Promise<T>): Promise<T> {
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
