import { expect, test } from 'vitest'
import { dayMs, hourMs } from '#lib/kernel/model/duration.ts'
import { endingOf } from './ending.ts'

const now = new Date('2026-11-25T12:00:00Z')
const after = (ms: number) => new Date(now.getTime() + ms)

test.each([
  [7 * dayMs + 1, null],
  [7 * dayMs, 'soon'],
  [3 * dayMs + 1, 'soon'],
  [3 * dayMs, 'near'],
  [1, 'near'],
  [0, null],
  [-dayMs, null],
])('a space or a role with %s ms left is shown as %s', (left, stage) => {
  for (const kind of ['space', 'role'] as const) expect(endingOf({ kind, endsAt: after(left) }, now)).toBe(stage)
})

test('something without an end is never shown as ending', () => {
  expect(endingOf({ kind: 'space', endsAt: null }, now)).toBeNull()
  expect(endingOf({ kind: 'role', endsAt: null }, now)).toBeNull()
})

test.each([
  ['a week', 7 * dayMs, dayMs + 1, null],
  ['a week', 7 * dayMs, dayMs, 'near'],
  ['a month', 30 * dayMs, 3 * dayMs + 1, null],
  ['a month', 30 * dayMs, 3 * dayMs, 'near'],
  ['a day', dayMs, 12 * hourMs + 1, null],
  ['a day', dayMs, 12 * hourMs, 'near'],
  ['eight hours', 8 * hourMs, 8 * hourMs, null],
  ['eight hours', 8 * hourMs, 4 * hourMs, 'near'],
  ['eight hours', 8 * hourMs, 0, null],
])('a kubeconfig for %s (%s ms) with %s ms left is shown as %s', (_, life, left, stage) => {
  expect(endingOf({ kind: 'credential', createdAt: after(left - life), endsAt: after(left) }, now)).toBe(stage)
})
