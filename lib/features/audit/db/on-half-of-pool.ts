import type { Pool } from '#lib/kernel/db/pool.ts'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { createQueues, type Queues } from '#lib/kernel/limits/queues.ts'
import { AppError } from '#lib/kernel/model/errors.ts'
import { processValue } from '#lib/observability/process-value.ts'

/** Per person, in addition to the running ones. */
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
 * Runs a long query on at most half of a pool's connections, so that others find one. One person gets at most half of
 * these slots.
 * @param by the person
 * @throws AppError rate_limited when the person has too many queries at once, or no slot was free within the statement
 * timeout; and whatever `run` throws
 */
export function onHalfOfPool<T>(pool: Pool, by: string, run: () => Promise<T>): Promise<T> {
  const { ofEach, ofAll } = queueOf(pool)
  if (ofEach.waiting(by) >= maxWaitingOfOne)
    return Promise.reject(
      new AppError('rate_limited', {
        sentence: 'You are running too many searches at once. Wait for some of them to finish.',
      }),
    )
  const tooLong = () =>
    new AppError('rate_limited', { sentence: 'Too many searches are running. Try again in a moment.' })
  const since = performance.now()
  return ofEach.run(
    by,
    () => ofAll.run(everyone, run, { maxMs: statementTimeoutMs - (performance.now() - since), tooLong }),
    { maxMs: statementTimeoutMs, tooLong },
  )
}
