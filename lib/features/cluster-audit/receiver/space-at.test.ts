import { expect, test } from 'vitest'
import { spaceAt } from './space-at.ts'

const minute = (count: number) => new Date(Date.UTC(2026, 10, 27, 12) + count * 60_000)
const former = { id: 'former', createdAt: minute(0), deletedAt: minute(10) }
const living = { id: 'living', createdAt: minute(15), deletedAt: null }

test.each([
  ['while the former one lived', 5, [former, living], 'former'],
  ['between the two', 12, [former, living], 'former'],
  ['since the newer one is there', 15, [former, living], 'living'],
  ['before both', -1, [former, living], 'former'],
  ['soon after a deletion', 69, [former], 'former'],
  ['long after a deletion', 70, [former], undefined],
  ['where no space was', 5, [], undefined],
])('an event %s belongs to the space of that time', (_when, at, spaces, id) => {
  expect(spaceAt(spaces, minute(at))).toBe(id)
})
