import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { AccessRow } from '#lib/gateway/db/select-access.ts'
import { GatewayRefusal } from '#lib/gateway/refusal.ts'
import { indexAccess } from './access.ts'
import { accessRow } from './access-fixture.ts'
import { createOpenStreams } from './open-streams.ts'

const row = accessRow()

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Streams over a database that the test changes directly. */
function open({ rows = [row] }: { rows?: AccessRow[] } = {}) {
  const state = {
    away: false,
    failures: 0,
    unreachable: false,
    changed: [] as readonly string[] | 'all',
    reads: 0,
    rows,
    asked: 0,
  }
  const answer = <T>(value: T) => {
    if (state.away) throw new Error('away')
    return value
  }
  const streams = createOpenStreams({
    changes: async () => answer(state.changed),
    list: async () => {
      state.reads++
      return answer(state.rows)
    },
    reaching: async (_spaces, people) => {
      state.asked++
      if (state.unreachable) throw new Error('unreachable')
      return answer(people)
    },
    clock: Date.now,
    monotonic: () => performance.now(),
    onError: () => state.failures++,
  })
  return { state, streams }
}

function streamOf(hash = row.tokenHash, endless = true) {
  const cuts: string[] = []
  const revoked = new GatewayRefusal('credential_revoked', 401, 'revoked')
  return {
    place: -1,
    hash,
    endless,
    cuts,
    recheck: (access: ReturnType<typeof indexAccess>) => (access.credential.revokedAt === null ? undefined : revoked),
    cut: (refusal: GatewayRefusal) => void cuts.push(refusal.key),
  }
}

const revokedRow = accessRow({ revokedAt: 1 })

test('a stream survives half a minute without Postgres, and is then cut', async () => {
  const { state, streams } = open()
  const stream = streamOf()
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(60_000)
  state.away = true
  await vi.advanceTimersByTimeAsync(29_000)
  expect(state.failures).toBeGreaterThan(10)
  expect(stream.cuts).toEqual([])
  await vi.advanceTimersByTimeAsync(5_000)
  expect(stream.cuts[0]).toBe('database_unavailable')
  streams.close()
})

test('open streams cost no reads while nothing changes', async () => {
  const { state, streams } = open()
  const stream = streamOf()
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(2_500)
  const { reads } = state
  await vi.advanceTimersByTimeAsync(20_000)
  expect(state.reads).toBe(reads)
  expect(stream.cuts).toEqual([])
  streams.close()
})

test('the next sweep finds a revocation with a lost notification', async () => {
  const { state, streams } = open()
  const stream = streamOf()
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  state.rows = [revokedRow]
  state.changed = [`credential:${row.credentialId}`]
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stream.cuts).toEqual(['credential_revoked'])
  streams.close()
})

test('if changes are unknown, everything is read', async () => {
  const { state, streams } = open()
  const stream = streamOf()
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  state.rows = [revokedRow]
  state.changed = 'all'
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stream.cuts).toEqual(['credential_revoked'])
  streams.close()
})

test('a read that failed after a notification is retried, even without another notification', async () => {
  const { state, streams } = open()
  const stream = streamOf()
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  state.rows = [revokedRow]
  state.away = true
  streams.notice(`user:${row.userId}`)
  await vi.advanceTimersByTimeAsync(100)
  expect(state.failures).toBe(1)
  state.away = false
  await vi.advanceTimersByTimeAsync(2_000)
  expect(stream.cuts).toEqual(['credential_revoked'])
  streams.close()
})

test('the next sweep rechecks a stream added with outdated access', async () => {
  const { state, streams } = open({ rows: [revokedRow] })
  await vi.advanceTimersByTimeAsync(4_500)
  const first = streamOf()
  streams.add(first, indexAccess(row))
  await vi.advanceTimersByTimeAsync(2_000)
  expect(first.cuts).toEqual(['credential_revoked'])
  state.rows = [row]
  const second = streamOf()
  streams.add(second, indexAccess(row))
  await vi.advanceTimersByTimeAsync(2_000)
  state.rows = [revokedRow]
  const third = streamOf()
  streams.add(third, indexAccess(row))
  await vi.advanceTimersByTimeAsync(2_000)
  expect([second.cuts, third.cuts]).toEqual([['credential_revoked'], ['credential_revoked']])
  streams.close()
})

test('a stream is cut at once if access ended while the API server was opening it', async () => {
  const { streams } = open()
  const access = indexAccess(accessRow({ endsAt: Date.now() }))
  const ended = new GatewayRefusal('credential_ended', 401, 'ended')
  const cut = vi.fn()
  await vi.advanceTimersByTimeAsync(10)
  streams.add(
    {
      place: -1,
      hash: 'h',
      endless: true,
      recheck: (_access, now) => (now >= access.credential.endsAt ? ended : undefined),
      cut,
    },
    access,
  )
  await vi.advanceTimersByTimeAsync(250)
  expect(cut).toHaveBeenCalledWith(ended)
  streams.close()
})

test('a stopping process cuts endless streams, including new ones, and lets the rest finish', async () => {
  const { streams } = open()
  const [watch, request, later] = [streamOf(), streamOf(row.tokenHash, false), streamOf()]
  for (const stream of [watch, request]) streams.add(stream, indexAccess(row))
  streams.stop(new GatewayRefusal('stopping', 503, 'restarting'))
  streams.add(later, indexAccess(row))
  await vi.advanceTimersByTimeAsync(1)
  expect([watch.cuts, request.cuts, later.cuts]).toEqual([['stopping'], [], ['stopping']])
  streams.close()
})

test('a changed space is looked up only for people who watch their spaces, and again after a failure', async () => {
  const { state, streams } = open()
  const gained: unknown[] = []
  const other = streamOf()
  streams.add(other, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  const { reads } = state
  streams.notice('space:00000000-0000-4000-8000-00000000000a')
  await vi.advanceTimersByTimeAsync(100)
  expect({ asked: state.asked, reads: state.reads }).toEqual({ asked: 0, reads })

  const watching = { ...streamOf(), followsSpaces: true, recheck: (access: unknown) => void gained.push(access) }
  streams.add(watching, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  const before = gained.length
  state.away = true
  streams.notice('space:00000000-0000-4000-8000-00000000000a')
  await vi.advanceTimersByTimeAsync(100)
  expect(gained).toHaveLength(before)
  state.away = false
  await vi.advanceTimersByTimeAsync(2_000)
  expect(gained).toHaveLength(before + 1)
  streams.remove(watching)
  const { asked } = state
  streams.notice('space:00000000-0000-4000-8000-00000000000a')
  await vi.advanceTimersByTimeAsync(100)
  expect(state.asked).toBe(asked)
  streams.close()
})

test('streams continue if the people who gained a space can’t be looked up, and ended access still ends them', async () => {
  const { state, streams } = open()
  const stream = { ...streamOf(), followsSpaces: true }
  streams.add(stream, indexAccess(row))
  await vi.advanceTimersByTimeAsync(4_500)
  state.unreachable = true
  streams.notice('space:00000000-0000-4000-8000-00000000000a')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(state.failures).toBeGreaterThan(10)
  expect(stream.cuts).toEqual([])
  state.rows = [revokedRow]
  streams.notice(`credential:${row.credentialId}`)
  await vi.advanceTimersByTimeAsync(100)
  expect(stream.cuts).toEqual(['credential_revoked'])
  streams.close()
})
