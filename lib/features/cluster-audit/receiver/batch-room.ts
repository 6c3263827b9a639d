/** How much is received and worked on at once: the worker has other things to do, and a cluster that floods it has others beside it. */
const maxBatches = 16
const maxBatchesOfOne = 8
const maxBytes = 32 * 1024 * 1024
/** So that one cluster leaves the others room for a body each. */
const maxBytesOfOne = 16 * 1024 * 1024

/** @returns room for so many batches and bytes */
export function createBatchRoom() {
  const held = new Map<string, { batches: number; bytes: number }>()
  let total = 0
  let bytes = 0
  return {
    /** @returns how to give the room back; null: there is none now */
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
