import { expect, test } from 'vitest'
import { createRounds } from './rounds.ts'

test('namespaces take turns, however many objects one of them has', () => {
  const rounds = createRounds()
  for (let count = 0; count < 1_000; count++) rounds.due({ namespace: 'flood', name: `x${count}` }, 0)
  rounds.due({ namespace: 'team', name: 'a' }, 0)
  rounds.due({ namespace: 'team', name: 'b' }, 0)
  const taken = Array.from({ length: 5 }, () => rounds.take(0)?.namespace)
  expect(taken).toEqual(['flood', 'team', 'flood', 'team', 'flood'])
})

test('a taken object is due again only when requested, and never too early', () => {
  const rounds = createRounds()
  const turn = { namespace: 'team', name: 'a' }
  rounds.due(turn, 10)
  rounds.due(turn, 20)
  expect([rounds.take(9), rounds.nextAt()]).toEqual([undefined, 10])
  expect([rounds.take(10), rounds.nextAt(), rounds.take(99)]).toEqual([turn, undefined, undefined])
  rounds.due(turn, 30)
  expect(rounds.take(30)).toEqual(turn)
})

test('deleted objects are forgotten, and the others keep their order by name', () => {
  const rounds = createRounds()
  for (const name of ['c', 'a', 'b']) rounds.due({ namespace: 'team', name }, 0)
  rounds.due({ namespace: 'gone', name: 'x' }, 0)
  expect(rounds.rank({ namespace: 'team', name: 'c' })).toBe(2)
  rounds.keepOnly([{ namespace: 'team', name: 'c' }])
  expect(rounds.rank({ namespace: 'team', name: 'c' })).toBe(0)
  expect([rounds.take(0), rounds.take(0)]).toEqual([{ namespace: 'team', name: 'c' }, undefined])
  rounds.forget({ namespace: 'team', name: 'c' })
  expect(rounds.nextAt()).toBeUndefined()
})
