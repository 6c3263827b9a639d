import { expect, test } from 'vitest'
import { recentChanges } from './recent-changes.ts'

function changesAt(start: number, maxEntries = 10) {
  let now = start
  const changes = recentChanges({ maxEntries, clock: () => now })
  return { ...changes, at: (ms: number) => new Date(start + ms), pass: (ms: number) => (now += ms) }
}

test('a change before the given time doesn’t count, and a later one does', () => {
  const { note, mayHaveChanged, at, pass } = changesAt(100_000)
  pass(5_000)
  note('a')
  expect(mayHaveChanged('a', at(4_000))).toBe(true)
  expect(mayHaveChanged('a', at(9_900)), 'clocks differ a little').toBe(true)
  expect(mayHaveChanged('a', at(10_100))).toBe(false)
  expect(mayHaveChanged('b', at(6_000))).toBe(false)
  pass(10_000)
  note('a')
  expect(mayHaveChanged('a', at(15_000))).toBe(true)
})

test('anything may have changed before it started, and while it wasn’t listening', () => {
  const { note, forget, mayHaveChanged, at, pass } = changesAt(100_000)
  expect(mayHaveChanged('a', at(4_000))).toBe(true)
  pass(10_000)
  expect(mayHaveChanged('a', at(6_000))).toBe(false)
  note('a')
  pass(10_000)
  forget()
  expect(mayHaveChanged('b', at(24_000))).toBe(true)
  expect(mayHaveChanged('a', at(26_000))).toBe(false)
})

test('it forgets the oldest changes, and then reports that anything may have changed until then', () => {
  const { note, mayHaveChanged, at, pass } = changesAt(100_000, 2)
  for (const id of ['a', 'b', 'a', 'c']) {
    pass(10_000)
    note(id)
  }
  expect(mayHaveChanged('b', at(24_000)), 'dropped').toBe(true)
  expect(mayHaveChanged('b', at(26_000))).toBe(false)
  expect(mayHaveChanged('a', at(26_000)), 'the later one is kept').toBe(true)
  expect(mayHaveChanged('x', at(24_000))).toBe(true)
})
