import { createCounts } from '#lib/domain/counts.ts'

/** What may run at once, with so many places for each key. */
export type Places = {
  /** @returns whether there was one */
  take(key: string): boolean
  free(key: string): void
  /** The keys that have none left. */
  full(): string[]
}

export function createPlaces(each: number): Places {
  const taken = createCounts()
  return {
    take(key) {
      if (taken.of(key) >= each) return false
      taken.add(key, 1)
      return true
    },
    free: (key) => void taken.add(key, -1),
    full: () => [...taken.entries()].filter(([, count]) => count >= each).map(([key]) => key),
  }
}
