import { createCounts } from './counts.ts'

/** How many tasks of each key may run at once. */
export type Slots = {
  /** @returns a function that frees the slot, once; null: all slots are taken */
  take(key: string): (() => void) | null
  /** The keys without a free slot. */
  full(): string[]
}

/** @param most slots of all keys together */
export function createSlots(ofEach: number, most = Number.POSITIVE_INFINITY): Slots {
  const taken = createCounts()
  let all = 0
  return {
    take(key) {
      if (taken.of(key) >= ofEach || all >= most) return null
      taken.add(key, 1)
      all++
      let held = true
      return () => {
        if (!held) return
        held = false
        taken.add(key, -1)
        all--
      }
    },
    full: () => [...taken.entries()].filter(([, count]) => count >= ofEach).map(([key]) => key),
  }
}
