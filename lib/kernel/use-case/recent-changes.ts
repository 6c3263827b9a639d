type Options = {
  maxEntries: number
  /** @returns milliseconds since the epoch */
  clock: () => number
}

/** Clocks of processes may differ that much. */
const slackMs = 5_000

/** What changed lately, and when, as far as this process has heard. */
export function recentChanges({ maxEntries, clock }: Options) {
  const changedAt = new Map<string, number>()
  /** Every change since then is known, unless a later one of the same replaced it. */
  let knownSince = clock()
  return {
    note(id: string): void {
      // Again at the end: the first is the one that changed longest ago.
      changedAt.delete(id)
      changedAt.set(id, clock())
      const [first] = changedAt
      if (!first || changedAt.size <= maxEntries) return
      changedAt.delete(first[0])
      knownSince = Math.max(knownSince, first[1] + 1)
    },
    /** Changes may have been missed until now. */
    forget(): void {
      changedAt.clear()
      knownSince = clock()
    },
    /** @returns whether it changed since then, or may have: what was heard doesn’t go back so far */
    mayHaveChanged(id: string, since: Date): boolean {
      const from = since.getTime() - slackMs
      return from < knownSince || (changedAt.get(id) ?? Number.NEGATIVE_INFINITY) >= from
    },
  }
}
