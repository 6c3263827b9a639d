import { createCounts } from '#lib/kernel/model/counts.ts'

/** Limits concurrent work to a number of queue slots per key. */
export type QueueSlots = {
  take(key: string): boolean
  free(key: string): void
  /** The keys without a free slot. */
  full(): string[]
}

export function createQueueSlots(each: number): QueueSlots {
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
