/** Counts by key. Zero counts take no memory. */
export type Counts = {
  of(key: string): number
  /** @param more may be negative @returns the new count */
  add(key: string, more: number): number
  entries(): Iterable<[key: string, count: number]>
}

export function createCounts(): Counts {
  const counts = new Map<string, number>()
  return {
    of: (key) => counts.get(key) ?? 0,
    add(key, more) {
      const count = (counts.get(key) ?? 0) + more
      if (count > 0) counts.set(key, count)
      else counts.delete(key)
      return count
    },
    entries: () => counts,
  }
}
