import { expect, test } from 'vitest'
import { createTurns } from './turns.ts'

test('a limited number of tasks run at once, in order, even if some fail', async () => {
  const inTurn = createTurns(2)
  let running = 0
  let most = 0
  const began: number[] = []
  const work = (at: number) => async () => {
    began.push(at)
    most = Math.max(most, ++running)
    await new Promise((resolve) => setTimeout(resolve, 1))
    running--
    if (at % 3 === 0) throw new Error(`${at} fails`)
    return at
  }
  const ends = await Promise.allSettled(Array.from({ length: 20 }, (_, at) => inTurn(work(at))))
  expect(most).toBe(2)
  expect(began).toEqual(Array.from({ length: 20 }, (_, at) => at))
  expect(ends.map(({ status }) => status === 'fulfilled')).toEqual(began.map((at) => at % 3 !== 0))
  expect(await inTurn(work(1))).toBe(1)
})
