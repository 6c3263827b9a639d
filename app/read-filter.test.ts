import { expect, test } from 'vitest'
import { filteredListNames } from '#lib/features/filters/model/saved-filter.ts'
import { readFilter } from './read-filter.ts'

test.each([
  ['trail', 'person=bob&within=7d&outcome=refused', { person: 'bob', within: '7d', outcome: 'refused' }],
  ['trail', 'from=2026-11-01T10%3A00&until=2026-11-02', { from: '2026-11-01T10:00', until: '2026-11-02' }],
  [
    'spaces',
    'owner=me&ends=soon&sort=created&order=desc',
    { owner: 'me', ends: 'soon', sort: 'created', order: 'desc' },
  ],
  ['people', 'search=bob&state=unseen-90', { search: 'bob', state: 'unseen-90' }],
  ['credentials', 'person=bob-123456&olderThan=7', { person: 'bob-123456', olderThan: '7' }],
] as const)('the filters of %s are saved as written: %s', (list, search, query) => {
  expect(readFilter(list, search)).toEqual(query)
})

test.each([
  ['trail', 'person=bob&before=123&utm_source=mail&cluster=x', { person: 'bob' }],
  ['spaces', 'owner=me&page=3&person=bob', { owner: 'me' }],
  ['people', 'search=bob&after=carol-123456', { search: 'bob' }],
  ['credentials', 'space=web&after=0b0e7e6e-1111-4222-8333-444455556666', { space: 'web' }],
  ['trail', 'person=%20bob%20&space=&text=%20', { person: 'bob' }],
  ['trail', 'person=bob&person=alice', { person: 'bob' }],
] as const)('position, unknown and empty parameters of %s are dropped: %s', (list, search, query) => {
  expect(readFilter(list, search)).toEqual(query)
})

test.each([
  ['trail', 'within=forever'],
  ['trail', 'from=yesterday'],
  ['trail', 'outcome=great'],
  ['trail', 'personId=bob'],
  ['trail', `person=${'x'.repeat(101)}`],
  ['trail', 'text=a+b+c+d+e+f+g+h+i'],
  ['trail', 'person=bob%E2%80%AEecila'],
  ['trail', 'space=a%0Ab%1B%5B31m'],
  ['spaces', 'status=gone'],
  ['spaces', 'ends=never'],
  ['spaces', 'sort=owner'],
  ['people', 'state=rich'],
  ['credentials', 'olderThan=0'],
  ['credentials', 'olderThan=9999'],
  ['credentials', 'unusedFor=1e3'],
] as const)('an invalid parameter of %s refuses the whole filter: %s', (list, search) => {
  expect(readFilter(list, `${search}&search=bob&person=bob`)).toBeNull()
})

test.each([
  '',
  'https://evil.test/?person=bob',
  '//evil.test/audit',
  '#person=bob',
  'javascript:alert(1)',
  'before=1&after=2&page=3',
  '__proto__=x&constructor=y',
  '%00',
])('parameters that filter nothing are refused by every list: %s', (search) => {
  for (const list of filteredListNames) expect(readFilter(list, search)).toBeNull()
})
