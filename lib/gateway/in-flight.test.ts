import { expect, test } from 'vitest'
import { createInFlight } from './in-flight.ts'

const refused = expect.objectContaining({ key: 'too_busy', status: 429 })

test('one person is refused at the bound, and nobody else is', () => {
  const { take } = createInFlight()
  for (let i = 0; i < 64; i++) take('ann', 'request')
  expect(() => take('ann', 'request')).toThrow(refused)
  expect(take('ann', 'stream')).toBeTypeOf('function')
  expect(take('bob', 'request')).toBeTypeOf('function')
})

test('what is over makes room once, however often it is said', () => {
  const { take } = createInFlight()
  const over = Array.from({ length: 64 }, () => take('ann', 'request'))[0]
  over?.()
  over?.()
  take('ann', 'request')
  expect(() => take('ann', 'request')).toThrow(refused)
})
