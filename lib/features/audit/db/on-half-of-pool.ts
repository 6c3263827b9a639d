import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'

/** Of one person, besides those that run. */
const maxWaitingOfOne = 6

type Waiting = { by: string; resolve: () => void }
type Line = { running: Map<string, number>; waiting: Waiting[] }

const lines = (): WeakMap<Pool, Line> => processValue('lines-of-pools', () => new WeakMap())

/**
 * Runs something that may keep a connection for long, on at most half of a pool's: everybody else finds one. One person has
 * half of these at most, so that another's turn comes while theirs go on.
 * @param by whose it is
 * @throws AppError rate_limited when they have asked for too much at once, or their turn hasn't come after the time that a
 *   statement may take; what `run` throws
 */
export async function onHalfOfPool<T>(pool: Pool, by: string, run: () => Promise<T>): Promise<T> {
  const line = lines().get(pool) ?? { running: new Map(), waiting: [] }
  lines().set(pool, line)
  const half = Math.max(1, Math.floor(pool.options.max / 2))
  const max = { all: half, ofOne: Math.max(1, Math.floor(half / 2)) }
  if (hasRoom(line, by, max)) hold(line, by)
  else await takeOver(line, by)
  try {
    return await run()
  } finally {
    release(line, by)
    // Whoever is first in line and has room themselves.
    const next = line.waiting.findIndex((one) => hasRoom(line, one.by, max))
    const [first] = next < 0 ? [] : line.waiting.splice(next, 1)
    if (first) {
      hold(line, first.by)
      first.resolve()
    }
  }
}

function hasRoom({ running }: Line, by: string, max: { all: number; ofOne: number }): boolean {
  const all = running.values().reduce((sum, count) => sum + count, 0)
  return all < max.all && (running.get(by) ?? 0) < max.ofOne
}

const hold = ({ running }: Line, by: string): void => void running.set(by, (running.get(by) ?? 0) + 1)

function release({ running }: Line, by: string): void {
  const left = (running.get(by) ?? 1) - 1
  if (left > 0) running.set(by, left)
  else running.delete(by)
}

/** Waits for a place, which whoever leaves it holds for them. */
async function takeOver({ waiting }: Line, by: string): Promise<void> {
  if (waiting.filter((one) => one.by === by).length >= maxWaitingOfOne)
    throw new AppError('rate_limited', {
      sentence: 'You are searching for too much at once. Wait until some of your searches have ended.',
    })
  const { promise, resolve } = Promise.withResolvers<void>()
  const mine = { by, resolve }
  waiting.push(mine)
  const inTime = await withDeadline(
    promise.then(() => true),
    statementTimeoutMs,
    () => false,
  )
  const at = waiting.indexOf(mine)
  // A place that came in the same moment is ours.
  if (inTime || at < 0) return
  waiting.splice(at, 1)
  throw new AppError('rate_limited', { sentence: 'Too much is being searched right now. Try again in a moment.' })
}
