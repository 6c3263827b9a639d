import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createBatcher } from './create-batcher.ts'

function gather(take: (items: readonly number[]) => Promise<void> = async () => {}) {
  const lots: (readonly number[])[] = []
  let now = 0
  const add = createBatcher<number>(
    async (items) => {
      lots.push(items)
      await take(items)
    },
    () => now,
  )
  const pass = (ms: number): void => {
    now += ms
  }
  return { add, lots, pass }
}

test('an item after a pause is taken at once, and following ones are batched', async () => {
  const { add, lots, pass } = gather()
  await add(1)
  const second = add(2)
  const third = add(3)
  expect(lots).toEqual([[1]])
  await Promise.all([second, third])
  expect(lots).toEqual([[1], [2, 3]])
  pass(100)
  await add(4)
  expect(lots).toEqual([[1], [2, 3], [4]])
})

test('a full batch is taken immediately, and none is larger', async () => {
  const { add, lots } = gather()
  await Promise.all([1, 2, 3, 4, 5, 6, 7, 8, 9].map(add))
  expect(lots).toEqual([[1], [2, 3, 4, 5], [6, 7, 8, 9]])
})

test('batches are taken one after the other', async () => {
  let running = 0
  let most = 0
  const { add } = gather(async () => {
    most = Math.max(most, ++running)
    await delay(5)
    running--
  })
  await Promise.all(Array.from({ length: 20 }, (_, i) => add(i)))
  expect(most).toBe(1)
})

test('if a batch fails, all of its items fail, and no others', async () => {
  const { add } = gather(async (items) => {
    if (items.includes(3)) throw new Error('away')
  })
  const settled = await Promise.allSettled([1, 2, 3, 4, 5, 6, 7, 8, 9].map(add))
  expect(settled.map(({ status }) => status === 'fulfilled')).toEqual([
    true,
    false,
    false,
    false,
    false,
    true,
    true,
    true,
    true,
  ])
})
