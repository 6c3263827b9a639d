/** Limits on simultaneous batches: the worker has other tasks, and one cluster must not crowd out others. */
const maxBatches = 16
const maxBatchesOfOne = 8
const maxBytes = 32 * 1024 * 1024
/** Leaves room for a body of each other cluster. */
const maxBytesOfOne = 16 * 1024 * 1024

/** @returns a limiter for these numbers of batches and bytes */
export function createBatchRoom() {
  const held = new Map<string, { batches: number; bytes: number }>()
  let total = 0
  let bytes = 0
  return {
    /** @returns a function that releases the room; null: there is none */
    take(cluster: string, size: number): (() => void) | null {
      const own = held.get(cluster) ?? { batches: 0, bytes: 0 }
      if (total >= maxBatches || (total > 0 && bytes + size > maxBytes)) return null
      if (own.batches >= maxBatchesOfOne || (own.batches > 0 && own.bytes + size > maxBytesOfOne)) return null
      held.set(cluster, own)
      own.batches++
      own.bytes += size
      total++
      bytes += size
      let isOpen = true
      return () => {
        if (!isOpen) return
        isOpen = false
        own.batches--
        own.bytes -= size
        total--
        bytes -= size
      }
    },
  }
}
