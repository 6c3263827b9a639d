import { expect, test, vi } from 'vitest'
import { createChangeLimit } from './change-limit.ts'

test('a burst of changes passes, further ones are refused for a second, and other people don’t wait', async () => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout'] })
  try {
    const limit = createChangeLimit()
    for (let change = 0; change < 1_220; change++) await limit('ann')
    await expect(limit('ann')).rejects.toMatchObject({
      key: 'too_many_changes',
      status: 429,
      details: { retryAfterSeconds: 1 },
    })
    await limit('bob')
    vi.advanceTimersByTime(1_000)
    for (let change = 0; change < 20; change++) await limit('ann')
    await expect(limit('ann')).rejects.toMatchObject({ key: 'too_many_changes' })
  } finally {
    vi.useRealTimers()
  }
})
