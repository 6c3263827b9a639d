import { expect, test } from 'vitest'
import { promisedRoomOf } from './promised-room.ts'

test('sizes promise what their quotas allow, for each space', () => {
  expect(promisedRoomOf({})).toEqual({ requests: { cpu: 0, memory: 0, pods: 0 }, limits: { cpu: 0, memory: 0 } })
  expect(promisedRoomOf({ S: 3, L: 1 })).toEqual({
    requests: { cpu: 3 * 2 + 16, memory: (3 * 4 + 64) * 2 ** 30, pods: 3 * 20 + 200 },
    limits: { cpu: 3 * 13 + 125, memory: (3 * 13 + 128) * 2 ** 30 },
  })
})
