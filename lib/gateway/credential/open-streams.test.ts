import { afterEach, expect, test, vi } from 'vitest'
import { Refusal } from '#lib/gateway/refusal.ts'
import { indexAccess } from './access.ts'
import { accessRow } from './access-fixture.ts'
import { createOpenStreams } from './open-streams.ts'

const row = accessRow()

afterEach(() => void vi.useRealTimers())

test('a stream goes on for half a minute in which Postgres can’t be asked, and is cut then', async () => {
  vi.useFakeTimers()
  const state = { away: false, failures: 0 }
  const cuts: string[] = []
  const streams = createOpenStreams({
    list: async () => {
      if (state.away) throw new Error('away')
      return [row]
    },
    clock: Date.now,
    monotonic: () => performance.now(),
    onError: () => state.failures++,
  })
  const stream = { hash: 'h', recheck: () => undefined, cut: (refusal: Refusal) => cuts.push(refusal.key) }
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(60_000)
  state.away = true
  await vi.advanceTimersByTimeAsync(29_000)
  expect(state.failures).toBeGreaterThan(10)
  expect(cuts).toEqual([])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(cuts[0]).toBe('database_unavailable')
  streams.close()
})

test('a stream whose access ended while the API server was asked for it is cut at once', async () => {
  vi.useFakeTimers()
  const streams = createOpenStreams({
    list: async () => [row],
    clock: Date.now,
    monotonic: () => performance.now(),
    onError: () => {},
  })
  const access = indexAccess(accessRow({ endsAt: Date.now() }))
  const ended = new Refusal('credential_ended', 401, 'ended')
  const cut = vi.fn()
  await vi.advanceTimersByTimeAsync(10)
  streams.add(
    { hash: 'h', recheck: (_access, now) => (now >= access.credential.endsAt ? ended : undefined), cut },
    access,
  )
  await vi.advanceTimersByTimeAsync(250)
  expect(cut).toHaveBeenCalledWith(ended)
  streams.close()
})
