import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createReaderPatience } from './reader-patience.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function create() {
  const state = { exhausted: false }
  const patience = createReaderPatience(
    () => performance.now(),
    () => {
      state.exhausted = true
    },
  )
  return { state, patience }
}

test('a client that stops reading is cut off after twenty seconds', () => {
  const { state, patience } = create()
  patience.wait()
  vi.advanceTimersByTime(19_999)
  expect(state.exhausted).toBe(false)
  vi.advanceTimersByTime(1)
  expect(state.exhausted).toBe(true)
})

test('a client that reads only a little now and then is cut off too', () => {
  const { state, patience } = create()
  let seconds = 0
  for (; seconds < 600 && !state.exhausted; seconds += 10) {
    patience.wait()
    vi.advanceTimersByTime(10_000)
    patience.done()
    patience.delivered(64)
  }
  expect(seconds).toBeLessThanOrEqual(30)
})

test('a slow client that reads at the minimum rate gets everything', () => {
  const { state, patience } = create()
  for (let round = 0; round < 100; round++) {
    patience.wait()
    vi.advanceTimersByTime(4_000)
    patience.done()
    patience.delivered(4 * 16 * 1024)
  }
  expect(state.exhausted).toBe(false)
})
