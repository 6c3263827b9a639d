import { expect, test } from 'vitest'
import { createAttempts } from './attempts.ts'

const failTimes = (attempts: ReturnType<typeof createAttempts>, times: number) => {
  for (let i = 0; i < times; i += 1) attempts.fail('alice')
}

test('ten wrong passwords block that name for a while, and no other', () => {
  const attempts = createAttempts(() => 0)
  failTimes(attempts, 9)
  expect(attempts.isBlocked('alice')).toBe(false)
  failTimes(attempts, 1)
  expect(attempts.isBlocked('alice')).toBe(true)
  expect(attempts.isBlocked('bob')).toBe(false)
})

test('the block expires, and a correct password resets the count', () => {
  let now = 0
  const attempts = createAttempts(() => now)
  failTimes(attempts, 10)
  now += 5 * 60_000
  expect(attempts.isBlocked('alice')).toBe(false)
  failTimes(attempts, 9)
  attempts.succeed('alice')
  failTimes(attempts, 1)
  expect(attempts.isBlocked('alice')).toBe(false)
})
