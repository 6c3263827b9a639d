import { LRUCache } from 'lru-cache'
import type { CredentialUse } from '#lib/db/note-credential-use.ts'

/** At most one write per credential in this period. */
const oncePerMs = 60_000
const flushMs = 5_000
const maxRemembered = 20_000

/**
 * Notes when and from where credentials are used; written in batches, off every request's path.
 * @param write writes a batch; a batch that fails is dropped, and the next use is written again
 */
export function createLastUsed(
  write: (uses: CredentialUse[]) => Promise<void>,
  clock: () => number,
  onError: (error: unknown) => void,
) {
  const noted = new LRUCache<string, number>({ max: maxRemembered })
  let waiting = new Map<string, CredentialUse>()

  async function flush(): Promise<void> {
    if (waiting.size === 0) return
    const uses = [...waiting.values()]
    waiting = new Map()
    try {
      await write(uses)
    } catch (error) {
      for (const { credentialId } of uses) noted.delete(credentialId)
      onError(error)
    }
  }
  const timer = setInterval(() => void flush(), flushMs)
  timer.unref()

  return {
    note(credentialId: string, sourceAddress: string): void {
      const now = clock()
      const last = noted.get(credentialId)
      if (last !== undefined && now - last < oncePerMs && now >= last) return
      noted.set(credentialId, now)
      waiting.set(credentialId, { credentialId, at: new Date(now), sourceAddress })
    },
    async close(): Promise<void> {
      clearInterval(timer)
      await flush()
    },
  }
}
