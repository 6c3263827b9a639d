import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { onHalfOfPool } from './on-half-of-pool.ts'

afterEach(() => void vi.useRealTimers())

/**
 * Calls on a pool of four connections, without opening any. Each is by a different person unless given otherwise.
 */
function openRuns(count: number, by = (index: number) => `person-${index}`, max = 4) {
  const pool = new pg.Pool({ max })
  const started: number[] = []
  return Array.from({ length: count }, (_, index) => {
    const work = Promise.withResolvers<string>()
    const done = onHalfOfPool(pool, by(index), () => {
      started.push(index)
      return work.promise
    })
    return { ...work, done, started }
  })
}

test('half as many calls run as there are connections, and the end of each lets the next one start', async () => {
  const [first, second, third, fourth] = openRuns(4)
  const settle = () => new Promise(setImmediate)
  expect(first?.started).toEqual([0, 1])
  second?.resolve('found')
  expect(await second?.done).toBe('found')
  await settle()
  expect(first?.started).toEqual([0, 1, 2])
  first?.reject(new Error('broken'))
  await expect(first?.done).rejects.toThrow('broken')
  await settle()
  expect(first?.started).toEqual([0, 1, 2, 3])
  third?.resolve('')
  fourth?.resolve('')
  await Promise.all([third?.done, fourth?.done])
})

test('a call that waits longer than a statement may take is rejected and leaves the queue', async () => {
  vi.useFakeTimers()
  const [first, , third, fourth] = openRuns(4)
  const refused = [third, fourth].map((run) => expect(run?.done).rejects.toMatchObject({ code: 'rate_limited' }))
  await vi.advanceTimersByTimeAsync(statementTimeoutMs)
  await Promise.all(refused)
  first?.resolve('')
  await first?.done
  expect(first?.started).toEqual([0, 1])
})

test('one person uses at most half of these slots, and others pass that person’s waiting calls', async () => {
  const runs = openRuns(6, (index) => (index < 5 ? 'eager' : 'other'), 8)
  const settle = () => new Promise(setImmediate)
  await settle()
  expect(runs[0]?.started).toEqual([0, 1, 5])
  runs[5]?.resolve('')
  await settle()
  expect(runs[0]?.started).toEqual([0, 1, 5])
  runs[0]?.resolve('')
  await settle()
  expect(runs[0]?.started).toEqual([0, 1, 5, 2])
  for (const run of runs) run.resolve('')
  await Promise.all(runs.map(({ done }) => done))
  expect(runs[0]?.started).toEqual([0, 1, 5, 2, 3, 4])
})

test('a person with too many calls at once is rejected immediately, without affecting others', async () => {
  const runs = openRuns(9, (index) => (index < 8 ? 'eager' : 'other'), 4)
  await expect(runs[7]?.done).rejects.toMatchObject({
    code: 'rate_limited',
    sentence: expect.stringContaining('too many searches at once'),
  })
  expect(runs[0]?.started).toEqual([0, 8])
  for (const run of runs) run.resolve('')
  await Promise.all(runs.filter((_, index) => index !== 7).map(({ done }) => done))
  expect(runs[0]?.started).toHaveLength(8)
})
