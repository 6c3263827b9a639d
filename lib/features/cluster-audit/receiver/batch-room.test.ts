import { expect, test } from 'vitest'
import { createBatchRoom } from './batch-room.ts'

const mib = 1024 * 1024

test('a cluster leaves the others room, however large its batches are', () => {
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
