import { expect, test } from 'vitest'
import { reviewPath } from './review-path.ts'
import { scopeInWords } from './review-words.ts'

const whole = { cluster: null, spaces: [], people: [], roles: [] }
const named = (...names: string[]) => names.map((name) => ({ id: name, name }))

test('a scope lists its limits', () => {
  expect(scopeInWords(whole)).toBe('All spaces of all clusters')
  expect(scopeInWords({ ...whole, cluster: 'eu', roles: ['admin'] })).toBe(
    'All spaces of the cluster eu; only the role admin',
  )
  expect(scopeInWords({ ...whole, spaces: named('a'), people: named('ann-1', 'bob-1') })).toBe(
    '1 space (a); only ann-1, bob-1',
  )
  expect(scopeInWords({ ...whole, spaces: named('a', 'b', 'c', 'd', 'e', 'f', 'g') })).toBe(
    '7 spaces (a, b, c, d, e and 2 more)',
  )
})

test('the URL of a page of lines keeps the filter', () => {
  expect(reviewPath('r')).toBe('/admin/reviews/r')
  expect(reviewPath('r', { unused: 'yes', search: 'a b' }, 'x')).toBe('/admin/reviews/r?unused=yes&search=a+b&after=x')
})
