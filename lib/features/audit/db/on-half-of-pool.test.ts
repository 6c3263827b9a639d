import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { statementTimeoutMs } from '#lib/kernel/db/session-of-process.ts'
import { onHalfOfPool } from './on-half-of-pool.ts'

afterEach(() => void vi.useRealTimers())

/** Runs of a pool of four connections, none of which is opened; each somebody else’s, unless it is said whose. */
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

test('half as many run as there are connections, and each that ends or fails makes room for the next in line', async () => {
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

test('who waits as long as a statement may take is refused, and no longer in line', async () => {
  vi.useFakeTimers()
  const [first, , third, fourth] = openRuns(4)
  const refused = [third, fourth].map((run) => expect(run?.done).rejects.toMatchObject({ code: 'rate_limited' }))
  await vi.advanceTimersByTimeAsync(statementTimeoutMs)
  await Promise.all(refused)
  first?.resolve('')
  await first?.done
  expect(first?.started).toEqual([0, 1])
})

test('one person runs half of these at most, and whoever comes later passes those of theirs that wait', async () => {
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

test('who asks for too much at once is told so at once, and keeps nobody else out', async () => {
  const runs = openRuns(9, (index) => (index < 8 ? 'eager' : 'other'), 4)
  await expect(runs[7]?.done).rejects.toMatchObject({
    code: 'rate_limited',
    sentence: expect.stringContaining('too much at once'),
  })
  expect(runs[0]?.started).toEqual([0, 8])
  for (const run of runs) run.resolve('')
  await Promise.all(runs.filter((_, index) => index !== 7).map(({ done }) => done))
  expect(runs[0]?.started).toHaveLength(8)
})
