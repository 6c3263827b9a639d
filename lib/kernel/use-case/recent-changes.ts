type Options = {
  maxEntries: number
  /** Milliseconds since the epoch. */
  clock: () => number
}

/** The maximum skew between clocks of processes. */
const slackMs = 5_000

/** Recent changes and their times, as far as this process has been notified. */
export function recentChanges({ maxEntries, clock }: Options) {
  const changedAt = new Map<string, number>()
  /** All changes since then are known, unless a later one of the same id replaced them. */
  let knownSince = clock()
  return {
    note(id: string): void {
      // Moved to the end: the first entry is the oldest change.
      changedAt.delete(id)
      changedAt.set(id, clock())
      const [first] = changedAt
      if (!first || changedAt.size <= maxEntries) return
      changedAt.delete(first[0])
      knownSince = Math.max(knownSince, first[1] + 1)
    },
    /** Forgets all, because changes may have been missed until now. */
    forget(): void {
      changedAt.clear()
      knownSince = clock()
    },
    /** @returns whether it changed since then, or may have, if that is before the recorded changes */
    mayHaveChanged(id: string, since: Date): boolean {
      const from = since.getTime() - slackMs
      return from < knownSince || (changedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= from
    },
  }
}
