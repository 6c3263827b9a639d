import { expect, test } from 'vitest'
import { isSameQuery } from './saved-filter.ts'

test('filters are equal regardless of parameter order', () => {
  expect(isSameQuery({ person: 'bob', within: '7d' }, { within: '7d', person: 'bob' })).toBe(true)
  expect(isSameQuery({}, {})).toBe(true)
})

test.each([
  [{ person: 'bob' }, { person: 'alice' }],
  [{ person: 'bob' }, { space: 'bob' }],
  [{ person: 'bob' }, { person: 'bob', within: '7d' }],
  [{ person: 'bob', within: '7d' }, { person: 'bob' }],
])('%o and %o are different filters', (one, other) => {
  expect(isSameQuery(one, other)).toBe(false)
})
