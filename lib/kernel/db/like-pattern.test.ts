import { expect, test } from 'vitest'
import { likePattern } from './like-pattern.ts'

test.each([
  ['team', '%team%'],
  ['50%', '%50\\%%'],
  ['a_b', '%a\\_b%'],
  ['a\\b', '%a\\\\b%'],
])('%s is matched literally', (text, pattern) => {
  expect(likePattern(text)).toBe(pattern)
})
