import { expect, test } from 'vitest'
import { lifeNeedsApproval } from './space-life.ts'

const day = (number: number) => new Date(Date.UTC(2026, 11, number))

test('a space that nobody had to approve, or without an end, lives as long as people like', () => {
  expect(lifeNeedsApproval({ endsAt: day(1), approvedUntil: null }, day(31))).toBe(false)
  expect(lifeNeedsApproval({ endsAt: day(1), approvedUntil: null }, null)).toBe(false)
})

test('beyond the approved day, more life needs approval; up to it, or unchanged, it doesn’t', () => {
  const life = { endsAt: day(5), approvedUntil: day(10) }
  expect([day(4), day(10), day(5)].map((end) => lifeNeedsApproval(life, end))).toEqual([false, false, false])
  expect([day(11), null].map((end) => lifeNeedsApproval(life, end))).toEqual([true, true])
  expect(lifeNeedsApproval({ endsAt: day(12), approvedUntil: day(10) }, day(12))).toBe(false)
})
