import { expect, test } from 'vitest'
import { initials } from './initials.ts'

test('initials come from the first and last name, in any script', () => {
  expect(initials('Alice Example')).toBe('AE')
  expect(initials('Łukasz Jan Żółć')).toBe('ŁŻ')
  expect(initials('grace.hopper')).toBe('GH')
  expect(initials('Cher')).toBe('C')
  expect(initials('𐐷ames 田')).toBe('𐐏田')
})

test('a name without letters has none', () => {
  expect(initials('')).toBe('')
  expect(initials(' – ')).toBe('')
})
