/** Compact storage for a very large number of rows: a record takes no more memory than its fields. */
import { hash, randomBytes } from 'node:crypto'

const recordsPerChunk = 16_384

/** @param size of a record, in bytes */
export function createRecords(size: number) {
  const chunks: Buffer[] = []
  let count = 0
  const at = (i: number): Buffer => {
    const start = (i % recordsPerChunk) * size
    const chunk = chunks[Math.floor(i / recordsPerChunk)]
    if (!chunk || i >= count) throw new Error('there is no such record')
    return chunk.subarray(start, start + size)
  }
  return {
    /** @returns a new record, all zeros, to write into */
    add(): Buffer {
      if (count % recordsPerChunk === 0) chunks.push(Buffer.alloc(recordsPerChunk * size))
      count++
      return at(count - 1)
    },
    at,
    count: () => count,
  }
}
export type Records = ReturnType<typeof createRecords>

/** @returns a function that finds the records that start with a seq (8 bytes, little-endian) */
export function indexBySeq(records: Records): (seq: bigint) => Buffer[] {
  const count = records.count()
  const buckets = 2 ** Math.ceil(Math.log2(count + 1))
  const bucketOf = (seq: bigint): number => Number(BigInt.asUintN(32, seq * 0x9e37_79b9n)) & (buckets - 1)
  // The record’s number plus one; 0: none.
  const heads = new Uint32Array(buckets)
  const following = new Uint32Array(count)
  for (let i = 0; i < count; i++) {
    const bucket = bucketOf(records.at(i).readBigInt64LE())
    following[i] = heads[bucket] ?? 0
    heads[bucket] = i + 1
  }
  return (seq) => {
    const found: Buffer[] = []
    for (let i = heads[bucketOf(seq)] ?? 0; i > 0; i = following[i - 1] ?? 0) {
      const record = records.at(i - 1)
      if (record.readBigInt64LE() === seq) found.push(record)
    }
    return found.reverse()
  }
}

const firstCapacity = 1_024
const maxRecent = 10_000

/** A set of texts. Keeps 48 bits of each hash; the key is random, so that collisions can't be searched for. */
export function createTextSet() {
  const key = randomBytes(16).toString('hex')
  const recent = new Set<string>()
  let slots = new Float64Array(firstCapacity)
  let count = 0

  // 0 is an empty slot.
  const markOf = (text: string): number => hash('sha256', key + text, 'buffer').readUIntBE(0, 6) + 1
  const slotOf = (mark: number): number => {
    let slot = mark % slots.length
    while (slots[slot] !== 0 && slots[slot] !== mark) slot = (slot + 1) % slots.length
    return slot
  }

  return {
    add(text: string): void {
      if (recent.has(text)) return
      if (recent.size === maxRecent) recent.clear()
      recent.add(text)
      const mark = markOf(text)
      const slot = slotOf(mark)
      if (slots[slot] === mark) return
      slots[slot] = mark
      count++
      if (count * 2 < slots.length) return
      const old = slots
      slots = new Float64Array(old.length * 2)
      for (const one of old) if (one !== 0) slots[slotOf(one)] = one
    },
    has: (text: string): boolean => slots[slotOf(markOf(text))] !== 0,
  }
}
