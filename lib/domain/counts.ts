/** How many there are by key. A key of which there are none takes no memory. */
export type Counts = {
  of(key: string): number
  /** @param more negative: so many less @returns how many there are then */
  add(key: string, more: number): number
  /** The keys of which there are any, with their counts. */
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
