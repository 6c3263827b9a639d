import { expect, test } from 'vitest'
import { withCount } from './count-in-title.ts'

test('the title starts with the count once, and without it for zero', () => {
  expect(withCount('Spaces · Spaceport', 3)).toBe('(3) Spaces · Spaceport')
  expect(withCount('(3) Spaces · Spaceport', 4)).toBe('(4) Spaces · Spaceport')
  expect(withCount('(99+) Inbox · Spaceport', 0)).toBe('Inbox · Spaceport')
  expect(withCount('Inbox · Spaceport', 100)).toBe('(99+) Inbox · Spaceport')
  expect(withCount('', 1), 'between two pages').toBe('')
  expect(withCount('(1)', 1)).toBe('')
  expect(withCount('web (3) · Spaceport', 1)).toBe('(1) web (3) · Spaceport')
})
