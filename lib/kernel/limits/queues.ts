import PQueue from 'p-queue'

/** How long a task may wait for its turn, in milliseconds, and the error of one that waited too long. */
type Wait = { maxMs: number; tooLong: () => Error }

/** A queue for each key: its tasks run in the order in which they came. A key without tasks takes no memory. */
export type Queues = {
  /**
   * Runs a task in its turn.
   * @param wait omitted: without a limit
   * @throws the task's errors, and `tooLong`
   */
  run<T>(key: string, task: () => Promise<T>, wait?: Wait): Promise<T>
  /** How many tasks of a key wait for their turn. */
  waiting(key: string): number
}

/** @param atOnce how many tasks of a key run at once */
export function createQueues(atOnce: number): Queues {
  const queues = new Map<string, PQueue>()
  function queueOf(key: string): PQueue {
    const found = queues.get(key)
    if (found) return found
    const queue = new PQueue({ concurrency: atOnce })
    queue.addEventListener('idle', () => queues.delete(key))
    queues.set(key, queue)
    return queue
  }
  return {
    waiting: (key) => queues.get(key)?.size ?? 0,
    async run(key, task, wait) {
      if (wait === undefined) return queueOf(key).add(task)
      const waiting = new AbortController()
      const timer = setTimeout(() => waiting.abort(wait.tooLong()), wait.maxMs)
      try {
        return await queueOf(key).add(
          () => {
            clearTimeout(timer)
            return task()
          },
          { signal: waiting.signal },
        )
      } finally {
        clearTimeout(timer)
      }
    },
  }
}
