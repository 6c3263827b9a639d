import { expect, test } from 'vitest'
import { createRecords, createTextSet, indexBySeq } from './packed-records.ts'

test('records are found by seq, in the order in which they were added', () => {
  const records = createRecords(12)
  const add = (seq: bigint, value: number) => {
    const record = records.add()
    record.writeBigInt64LE(seq)
    record.writeUInt32LE(value, 8)
  }
  for (let i = 0; i < 40_000; i++) add(202_612_000_000_000_000n + BigInt(i), i)
  add(202_612_000_000_000_007n, 99)
  add(-5n, 1)
  const find = indexBySeq(records)
  const valuesOf = (seq: bigint) => find(seq).map((record) => record.readUInt32LE(8))
  expect(valuesOf(202_612_000_000_000_007n)).toEqual([7, 99])
  expect(valuesOf(202_612_000_000_039_999n)).toEqual([39_999])
  expect(valuesOf(-5n)).toEqual([1])
  expect(valuesOf(202_612_000_000_040_000n)).toEqual([])
  expect(indexBySeq(createRecords(8))(1n)).toEqual([])
})

test('a text is in the set once it was added, however large the set is', () => {
  const set = createTextSet()
  for (let i = 0; i < 20_000; i++) set.add(`text ${i}`)
  for (let i = 0; i < 20_000; i++) {
    expect(set.has(`text ${i}`)).toBe(true)
    expect(set.has(`other ${i}`)).toBe(false)
  }
})
