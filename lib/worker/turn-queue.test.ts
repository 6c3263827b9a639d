import { expect, test } from 'vitest'
import { createTurnQueue } from './turn-queue.ts'

test('namespaces take turns, however many objects one of them has', () => {
  const turns = createTurnQueue()
  for (let count = 0; count < 1_000; count++) turns.due({ namespace: 'flood', name: `x${count}` }, 0)
  turns.due({ namespace: 'team', name: 'a' }, 0)
  turns.due({ namespace: 'team', name: 'b' }, 0)
  const taken = Array.from({ length: 5 }, () => turns.take(0)?.namespace)
  expect(taken).toEqual(['flood', 'team', 'flood', 'team', 'flood'])
})

test('a taken object is due again only when requested, and never too early', () => {
  const turns = createTurnQueue()
  const turn = { namespace: 'team', name: 'a' }
  turns.due(turn, 10)
  turns.due(turn, 20)
  expect([turns.take(9), turns.nextAt()]).toEqual([undefined, 10])
  expect([turns.take(10), turns.nextAt(), turns.take(99)]).toEqual([turn, undefined, undefined])
  turns.due(turn, 30)
  expect(turns.take(30)).toEqual(turn)
})

test('deleted objects are forgotten, and the others keep their order by name', () => {
  const turns = createTurnQueue()
  for (const name of ['c', 'a', 'b']) turns.due({ namespace: 'team', name }, 0)
  turns.due({ namespace: 'gone', name: 'x' }, 0)
  expect(turns.rank({ namespace: 'team', name: 'c' })).toBe(2)
  turns.keepOnly([{ namespace: 'team', name: 'c' }])
  expect(turns.rank({ namespace: 'team', name: 'c' })).toBe(0)
  expect([turns.take(0), turns.take(0)]).toEqual([{ namespace: 'team', name: 'c' }, undefined])
  turns.forget({ namespace: 'team', name: 'c' })
  expect(turns.nextAt()).toBeUndefined()
})
