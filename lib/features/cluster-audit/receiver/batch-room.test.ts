import { expect, test } from 'vitest'
import { createBatchRoom } from './batch-room.ts'

const mib = 1024 * 1024

test('large batches of one cluster leave room for others', () => {
  const room = createBatchRoom()
  const first = room.take('lab', 12 * mib)
  expect(first).not.toBeNull()
  expect(room.take('lab', 12 * mib)).toBeNull()
  expect(room.take('lab', 4 * mib)).not.toBeNull()
  expect(room.take('prod', 12 * mib)).not.toBeNull()
  first?.()
  first?.()
  expect(room.take('lab', 12 * mib)).not.toBeNull()
  expect(room.take('stage', 12 * mib)).toBeNull()
})
