/** What may run at once, with so many places for each key. */
export type Places = {
  /** @returns whether there was one */
  take(key: string): boolean
  free(key: string): void
  /** The keys that have none left. */
  full(): string[]
}

export function createPlaces(each: number): Places {
  const taken = new Map<string, number>()
  return {
    take(key) {
      const count = taken.get(key) ?? 0
      if (count >= each) return false
      taken.set(key, count + 1)
      return true
    },
    free(key) {
      const count = taken.get(key) ?? 0
      if (count > 1) taken.set(key, count - 1)
      else taken.delete(key)
    },
    full: () => [...taken].filter(([, count]) => count >= each).map(([key]) => key),
  }
}
