import { expect, test } from 'vitest'
import { Bag } from './bag.ts'

const item = (name: string) => ({ name, place: -1 })

test('the bag holds exactly the items that were added and not removed', () => {
  const bag = new Bag<ReturnType<typeof item>>()
  const expected = new Set<ReturnType<typeof item>>()
  const items = Array.from({ length: 50 }, (_, i) => item(String(i)))
  for (let step = 0; step < 5_000; step++) {
    const next = items[(step * 7919) % items.length]
    if (!next) continue
    if (step % 3 === 0) expect(bag.remove(next)).toBe(expected.delete(next))
    else {
      bag.add(next)
      expected.add(next)
    }
    expect(bag.size).toBe(expected.size)
  }
  expect(new Set(bag.all())).toEqual(expected)
  for (const each of items) expect(bag.has(each)).toBe(expected.has(each))
})

test('items can be removed while iterating', () => {
  const bag = new Bag<ReturnType<typeof item>>()
  for (const name of ['a', 'b', 'c']) bag.add(item(name))
  for (const each of bag.all()) bag.remove(each)
  expect(bag.size).toBe(0)
})
