import { AppError } from '#lib/domain/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'
import { type Pool, statementTimeoutMs } from './pool.ts'

type Line = { running: number; waiting: (() => void)[] }

const lines = (): WeakMap<Pool, Line> => processValue('lines-of-pools', () => new WeakMap())

/**
 * Runs something that may keep a connection for long, on at most half of a pool's: everybody else finds one.
 * @throws AppError rate_limited when its turn hasn't come after the time that a statement may take; what `run` throws
 */
export async function onHalfOfPool<T>(pool: Pool, run: () => Promise<T>): Promise<T> {
  const line = lines().get(pool) ?? { running: 0, waiting: [] }
  lines().set(pool, line)
  if (line.running < Math.max(1, Math.floor(pool.options.max / 2))) line.running++
  else await takeOver(line)
  try {
    return await run()
  } finally {
    const next = line.waiting.shift()
    if (next) next()
    else line.running--
  }
}

/** Waits for one that ends and leaves its place. */
async function takeOver({ waiting }: Line): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  waiting.push(resolve)
  const inTime = await withDeadline(
    promise.then(() => true),
    statementTimeoutMs,
    () => false,
  )
  const at = waiting.indexOf(resolve)
  // A place that came in the same moment is ours.
  if (inTime || at < 0) return
  waiting.splice(at, 1)
  throw new AppError('rate_limited', { sentence: 'Too much is being searched right now. Try again in a moment.' })
}
