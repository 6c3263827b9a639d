import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createInFlight } from './in-flight.ts'

const refused = { key: 'too_busy', status: 429 }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

async function stateOf(promise: Promise<unknown>): Promise<string> {
  const settled = promise.then(
    () => 'done',
    () => 'refused',
  )
  return Promise.race([settled, Promise.resolve().then(() => 'waits')])
}
async function takeMany({ take }: ReturnType<typeof createInFlight>, person: string, count: number) {
  return Promise.all(Array.from({ length: count }, () => take(person, 'request')))
}

test('one person is refused at the limit after a moment, and no one else is', async () => {
  const inFlight = createInFlight()
  await takeMany(inFlight, 'ann', 64)
  const more = inFlight.take('ann', 'request')
  expect(await stateOf(more)).toBe('waits')
  expect(await inFlight.take('ann', 'stream')).toBeTypeOf('function')
  expect(await inFlight.take('bob', 'request')).toBeTypeOf('function')
  const expected = expect(more).rejects.toMatchObject(refused)
  vi.advanceTimersByTime(2_000)
  await expected
})

test('a finished request makes room once, even if released twice, for the longest waiting one', async () => {
  const inFlight = createInFlight()
  const [over] = await takeMany(inFlight, 'ann', 64)
  const [first, second] = [inFlight.take('ann', 'request'), inFlight.take('ann', 'request')]
  over?.()
  over?.()
  await first
  expect(await stateOf(second)).toBe('waits')
  const expected = expect(second).rejects.toMatchObject(refused)
  vi.advanceTimersByTime(2_000)
  await expected
})

test('many people together leave a quarter for those without requests', async () => {
  const inFlight = createInFlight()
  for (const person of ['a', 'b', 'c']) await takeMany(inFlight, person, 64)
  await inFlight.take('d', 'request')
  const more = inFlight.take('d', 'request')
  expect(await stateOf(more)).toBe('waits')
  expect(await inFlight.take('innocent', 'request')).toBeTypeOf('function')
  const expected = expect(more).rejects.toMatchObject(refused)
  vi.advanceTimersByTime(2_000)
  await expected
})

test('people take turns, instead of a queue over all requests', async () => {
  const inFlight = createInFlight()
  const held = (await Promise.all(['a', 'b', 'c'].map((person) => takeMany(inFlight, person, 64)))).flat()
  const started: string[] = []
  await inFlight.take('d', 'request')
  await inFlight.take('e', 'request')
  for (const person of ['d', 'd', 'd', 'e'])
    void inFlight.take(person, 'request').then(
      () => started.push(person),
      () => {},
    )
  // Two more than three quarters are in progress: the next two to end make no room yet.
  for (const over of held.slice(0, 5)) over()
  await vi.advanceTimersByTimeAsync(0)
  expect(started).toEqual(['d', 'e', 'd'])
})

test('no one can queue without limit', async () => {
  const inFlight = createInFlight()
  await takeMany(inFlight, 'ann', 64)
  const waiting = Array.from({ length: 512 }, () => inFlight.take('ann', 'request'))
  for (const one of waiting) one.catch(() => {})
  await expect(inFlight.take('ann', 'request')).rejects.toMatchObject(refused)
})

test('room that makes two people eligible at once is given to both', async () => {
  const inFlight = createInFlight()
  const held = (await Promise.all(['a', 'b', 'c'].map((person) => takeMany(inFlight, person, 64)))).flat()
  // c waits for one more and is at the share not reserved for newcomers; d waits as well.
  const [own] = await takeMany(inFlight, 'd', 1)
  const waiting = [inFlight.take('c', 'request'), inFlight.take('d', 'request')]
  held.at(-1)?.()
  held.at(-2)?.()
  own?.()
  await Promise.all(waiting)
})
