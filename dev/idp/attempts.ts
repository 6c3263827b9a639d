const maxAttempts = 10
const windowMs = 5 * 60_000
/** Names that nobody has are counted too: without a bound, trying new ones would fill the memory. */
const maxNames = 10_000

/** Counts wrong passwords by name: ten within five minutes, then that name has to wait. */
export function createAttempts(now: () => number) {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (username: string) => {
    const found = failures.get(username)
    return found !== undefined && now() - found.since < windowMs ? found : undefined
  }
  return {
    /** @returns whether the name has to wait */
    isBlocked: (username: string): boolean => (current(username)?.count ?? 0) >= maxAttempts,
    fail(username: string): void {
      const found = current(username)
      if (found !== undefined) {
        found.count += 1
        return
      }
      const oldest = failures.size >= maxNames ? failures.keys().next() : undefined
      if (oldest?.done === false) failures.delete(oldest.value)
      failures.delete(username)
      failures.set(username, { count: 1, since: now() })
    },
    succeed: (username: string): void => void failures.delete(username),
  }
}

export type Attempts = ReturnType<typeof createAttempts>
