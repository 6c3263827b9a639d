import { expect, test } from 'vitest'
import { withDeadline } from './with-deadline.ts'

const never = new Promise<string>(() => {})
const timers = () => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

test('work that ends in time returns its own result, and leaves no timer behind', async () => {
  const before = timers()
  expect(await withDeadline(Promise.resolve('done'), 60_000, () => 'late')).toBe('done')
  await expect(withDeadline(Promise.reject(new Error('broken')), 60_000, () => 'late')).rejects.toThrow('broken')
  expect(timers()).toBe(before)
})

test('work that misses the deadline returns the fallback', async () => {
  expect(await withDeadline(never, 1, () => 'late')).toBe('late')
  const missed = withDeadline(never, 1, () => {
    throw new Error('too late')
  })
  await expect(missed).rejects.toThrow('too late')
})

test('work that fails after its deadline causes no error', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const work = Promise.withResolvers<string>()
  await withDeadline(work.promise, 1, () => 'late')
  work.reject(new Error('broken'))
  await new Promise(setImmediate)
  process.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})
