import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'
import { withDeadline } from '#lib/time/with-deadline.ts'

/** Per person, in addition to the running ones. */
const maxWaitingOfOne = 6

type Waiting = { by: string; resolve: () => void }
type Line = { running: Map<string, number>; waiting: Waiting[] }

const lines = (): WeakMap<Pool, Line> => processValue('lines-of-pools', () => new WeakMap())

/**
 * Runs a long query on at most half of a pool's connections, so that others find one. One person gets at most half of
 * these slots.
 * @param by the person
 * @throws AppError rate_limited when the person has too many queries at once, or no slot was free within the statement
 * timeout; and whatever `run` throws
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
    // The first in the queue who is below their own limit.
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

/** Waits for a slot, which a finishing call hands over. */
async function takeOver({ waiting }: Line, by: string): Promise<void> {
  if (waiting.filter((one) => one.by === by).length >= maxWaitingOfOne)
    throw new AppError('rate_limited', {
      sentence: 'You are running too many searches at once. Wait for some of them to finish.',
    })
  const { promise, resolve } = Promise.withResolvers<void>()
  const ticket = { by, resolve }
  waiting.push(ticket)
  const inTime = await withDeadline(
    promise.then(() => true),
    statementTimeoutMs,
    () => false,
  )
  const at = waiting.indexOf(ticket)
  // The slot arrived at the same moment.
  if (inTime || at < 0) return
  waiting.splice(at, 1)
  throw new AppError('rate_limited', { sentence: 'Too many searches are running. Try again in a moment.' })
}
