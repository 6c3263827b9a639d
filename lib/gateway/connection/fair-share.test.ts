import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createFairShare, type FairShare } from './fair-share.ts'

let used: number
let share: FairShare

beforeEach(() => {
  vi.useFakeTimers()
  used = 1
  share = createFairShare(
    () => performance.now(),
    () => used,
  )
})
afterEach(() => {
  share.close()
  vi.useRealTimers()
})

const takeTurn = (party: string, onTurn: () => void, onGivenUp: (error: unknown) => void = () => {}) => {
  const turn = share.take(party, party)
  if (turn) turn.then(onTurn, onGivenUp)
  else onTurn()
}

/**
 * All parties ask ten times a millisecond for a second, without waiting.
 * @returns the number of turns each got
 */
async function ask(parties: readonly string[], eachMillisecond: (at: number) => void = () => {}) {
  const turns = new Map<string, number>(parties.map((party) => [party, 0]))
  for (let at = 0; at < 1_000; at++) {
    for (const party of parties)
      for (let more = 0; more < 10; more++) takeTurn(party, () => turns.set(party, (turns.get(party) ?? 0) + 1))
    eachMillisecond(at)
    await vi.advanceTimersByTimeAsync(1)
  }
  return turns
}

test('no one waits while the process has spare time', async () => {
  used = 0.5
  expect(await ask(['a', 'b'])).toEqual(
    new Map([
      ['a', 10_000],
      ['b', 10_000],
    ]),
  )
})

test('a party on its own never waits, however busy the process is', async () => {
  expect(await ask(['a'])).toEqual(new Map([['a', 10_000]]))
})

test('a connection and a request of the same person count as one party', async () => {
  for (let at = 0; at < 1_000; at++) {
    expect(share.takeConnection('127.0.0.1')).toBeUndefined()
    expect(share.take('a', '127.0.0.1')).toBeUndefined()
    await vi.advanceTimersByTimeAsync(1)
  }
})

test('while the process is busy, heavy users wait and light users never do', async () => {
  const waits: unknown[] = []
  const turns = await ask(['a', 'b'], (at) => {
    if (at % 50 === 0) waits.push(share.take('innocent', '10.0.0.1'))
  })
  expect(waits).toEqual(Array(20).fill(undefined))
  for (const count of turns.values()) expect(count).toBeLessThan(5_000)
})

test('every party gets the minimum rate, in the order of its requests', async () => {
  await ask(['a', 'b'])
  const order: number[] = []
  for (let at = 0; at < 40; at++) takeTurn('c', () => order.push(at))
  expect(order.length).toBeLessThan(40)
  await ask(['d'])
  expect(order).toEqual(Array.from({ length: 40 }, (_, at) => at))
})

test('after two seconds without a turn, a request is refused with a hint to retry', async () => {
  await ask(['a', 'b'])
  const refusals: unknown[] = []
  for (let at = 0; at < 1_000; at++)
    takeTurn(
      'c',
      () => {},
      (error) => refusals.push(error),
    )
  for (let second = 0; second < 3; second++) await ask(['d'])
  expect(refusals.length).toBeGreaterThan(400)
  expect(refusals.at(-1)).toMatchObject({ status: 429, details: { retryAfterSeconds: 1 } })
})

test('an address that keeps connecting waits while others are there, and they do not', async () => {
  const begun = { hostile: 0, innocent: 0 }
  for (let at = 0; at < 1_000; at++) {
    for (let more = 0; more < 5; more++) {
      const turn = share.takeConnection('127.0.0.2') ?? Promise.resolve()
      void turn.then(() => begun.hostile++)
    }
    if (at % 100 === 0 && share.takeConnection('127.0.0.1') === undefined) begun.innocent++
    await vi.advanceTimersByTimeAsync(1)
  }
  expect(begun.innocent).toBe(10)
  expect(begun.hostile).toBeLessThan(1_500)
})

test('once the process has spare time again, the limit rises until it is gone', async () => {
  await ask(['a', 'b'])
  used = 0.3
  await vi.advanceTimersByTimeAsync(20_000)
  expect(await ask(['a', 'b'])).toEqual(
    new Map([
      ['a', 10_000],
      ['b', 10_000],
    ]),
  )
})

test('an address that floods waits for its next connections, even alone and with spare time', async () => {
  used = 0.1
  expect(share.takeConnection('127.0.0.2')).toBeUndefined()
  share.chargeFlood('127.0.0.2')
  const begun = vi.fn()
  void share.takeConnection('127.0.0.2')?.then(begun)
  expect(share.takeConnection('127.0.0.1')).toBeUndefined()
  await vi.advanceTimersByTimeAsync(500)
  expect(begun).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(300)
  expect(begun).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(share.takeConnection('127.0.0.2')).toBeUndefined()
})

/**
 * Makes the process busy with two parties, then begins connections from one address all at once.
 * @param personOf who authenticates that connection, 50 ms after it began; undefined: no one
 * @returns how many had begun after each second, and how many gave up
 */
async function comeBack(connections: number, personOf: (at: number) => string | undefined) {
  for (let at = 0; at < 200; at++) {
    for (const party of ['a', 'b']) takeTurn(party, () => {})
    await vi.advanceTimersByTimeAsync(10)
  }
  let begun = 0
  let givenUp = 0
  const begin = (at: number): void => {
    begun++
    const person = personOf(at)
    if (person !== undefined) setTimeout(() => share.proveConnection('office', person), 50)
  }
  for (let at = 0; at < connections; at++) {
    const turn: Promise<void> | undefined = share.takeConnection('office')
    if (!turn) begin(at)
    else
      turn.then(
        (): void => begin(at),
        (): void => {
          givenUp++
        },
      )
  }
  const after: number[] = []
  for (let second = 0; second < 9; second++) {
    for (let at = 0; at < 100; at++) {
      for (const party of ['a', 'b']) takeTurn(party, () => {})
      await vi.advanceTimersByTimeAsync(10)
    }
    after.push(begun)
  }
  return { after, givenUp }
}

test('an office of 500 people reconnects within seconds', async () => {
  const { after, givenUp } = await comeBack(500, (at) => `person ${at}`)
  expect(after[2]).toBe(500)
  expect(givenUp).toBe(0)
})

test.each<[string, (at: number) => string | undefined]>([
  ['strangers', () => undefined],
  ['one person', () => 'one'],
])('%s at one address can begin few connections while the process is busy', async (_, personOf) => {
  const { after, givenUp } = await comeBack(500, personOf)
  expect(after[0]).toBeLessThan(100)
  expect(after[7]).toBeLessThan(200)
  expect(givenUp).toBeGreaterThan(300)
})
