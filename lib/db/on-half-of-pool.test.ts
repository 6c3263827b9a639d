import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { onHalfOfPool } from './on-half-of-pool.ts'
import { statementTimeoutMs } from './pool.ts'

afterEach(() => void vi.useRealTimers())

/** Runs of a pool of four connections, none of which is opened. */
function openRuns(count: number) {
  const pool = new pg.Pool({ max: 4 })
  const started: number[] = []
  return Array.from({ length: count }, (_, index) => {
    const work = Promise.withResolvers<string>()
    const done = onHalfOfPool(pool, () => {
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
