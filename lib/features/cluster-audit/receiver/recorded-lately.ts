/**
 * Remembers recently recorded keys, to limit how often each is written.
 * @param everyMs how long a key counts as recorded
 * @param maxKeys how many are remembered; the oldest are evicted, and so written more often
 */
export function createRecentKeys(everyMs: number, maxKeys: number) {
  const notedAt = new Map<string, number>()
  return {
    isDue: (key: string, now: number): boolean => (notedAt.get(key) ?? Number.NEGATIVE_INFINITY) + everyMs <= now,
    note(key: string, now: number): void {
      notedAt.delete(key)
      notedAt.set(key, now)
      if (notedAt.size <= maxKeys) return
      for (const oldest of notedAt.keys()) {
        notedAt.delete(oldest)
        return
      }
    },
  }
}

/** @returns a limiter that allows each key a number of actions per period */
export function createAllowance(everyMs: number, times: number) {
  const taken = new Map<string, number>()
  let period = 0
  return {
    take(key: string, now: number): boolean {
      const current = Math.floor(now / everyMs)
      if (current !== period) taken.clear()
      period = current
      const count = taken.get(key) ?? 0
      if (count >= times) return false
      taken.set(key, count + 1)
      return true
    },
  }
}
