const maxAttempts = 10
const windowMs = 5 * 60_000
/** Unknown names are counted too; without a limit, trying new ones would fill the memory. */
const maxNames = 10_000

/** Counts wrong passwords by name: after ten within five minutes, that name is blocked for a while. */
export function createAttempts(now: () => number) {
  const failures = new Map<string, { count: number; since: number }>()
  const current = (username: string) => {
    const found = failures.get(username)
    return found !== undefined && now() - found.since < windowMs ? found : undefined
  }
  return {
    /** @returns whether the name is blocked */
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
