import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { createQueues, type Queues } from '#lib/kernel/limits/queues.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** Of one person, besides those that run. */
const maxWaitingOfOne = 6
/** The one key of a queue that all share. */
const everyone = ''

type Queue = { ofEach: Queues; ofAll: Queues }

const queuesOfPools = (): WeakMap<Pool, Queue> => processValue('queues-of-pools', () => new WeakMap())

function queueOf(pool: Pool): Queue {
  const half = Math.max(1, Math.floor(pool.options.max / 2))
  const queue = queuesOfPools().get(pool) ?? {
    ofEach: createQueues(Math.max(1, Math.floor(half / 2))),
    ofAll: createQueues(half),
  }
  queuesOfPools().set(pool, queue)
  return queue
}

/**
 * Runs something that may keep a connection for long, on at most half of a pool's: everyone else finds one. One person has
 * half of these at most, so that another's turn comes while theirs go on.
 * @param by the person's id
 * @throws AppError rate_limited when the person asks for too much at once, or their turn hasn't come after the time that a
 *   statement may take; what `run` throws
 */
export function onHalfOfPool<T>(pool: Pool, by: string, run: () => Promise<T>): Promise<T> {
  const { ofEach, ofAll } = queueOf(pool)
  if (ofEach.waiting(by) >= maxWaitingOfOne)
    return Promise.reject(
      new AppError('rate_limited', {
        sentence: 'You are searching for too much at once. Wait until some of your searches have ended.',
      }),
    )
  const tooLong = () =>
    new AppError('rate_limited', { sentence: 'Too much is being searched right now. Try again in a moment.' })
  const since = performance.now()
  return ofEach.run(
    by,
    () => ofAll.run(everyone, run, { maxMs: statementTimeoutMs - (performance.now() - since), tooLong }),
    { maxMs: statementTimeoutMs, tooLong },
  )
}
