import { LRUCache } from 'lru-cache'

const oncePerMs = 60_000
const flushMs = 5_000
const maxRemembered = 20_000

/**
 * Records last uses in batches, off the request path.
 * @param write writes a batch; a failed batch is dropped, and the next use is written again
 */
export function createLastUsed<Use>(
  write: (uses: (Use & { at: Date })[]) => Promise<void>,
  clock: () => number,
  onError: (error: unknown) => void,
) {
  const noted = new LRUCache<string, number>({ max: maxRemembered })
  let waiting = new Map<string, Use & { at: Date }>()

  async function flush(): Promise<void> {
    if (waiting.size === 0) return
    const uses = waiting
    waiting = new Map()
    try {
      await write([...uses.values()])
    } catch (error) {
      for (const key of uses.keys()) noted.delete(key)
      onError(error)
    }
  }
  const timer = setInterval(() => void flush(), flushMs)
  timer.unref()

  return {
    /** @param key identifies what was used */
    note(key: string, use: Use): void {
      const now = clock()
      const last = noted.get(key)
      if (last !== undefined && now - last < oncePerMs && now >= last) return
      noted.set(key, now)
      waiting.set(key, { ...use, at: new Date(now) })
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
