import { expect, test } from 'vitest'
import { z } from 'zod'
import { sortedSearch } from '#components/ui/list/sorted-search.ts'
import { beforeParam, pageParam, type SearchParams, searchText, textParam, validParam } from './search-params.ts'

test('the first of repeated parameters counts, and a blank one is ignored', () => {
  expect(textParam({ space: ['one', 'two'] }, 'space')).toBe('one')
  expect(textParam({ space: '  ' }, 'space')).toBeUndefined()
  expect(textParam({ space: ' a\0b ' }, 'space')).toBe('ab')
  expect(textParam({}, 'space')).toBeUndefined()
})

test('a parameter that its schema refuses is ignored', () => {
  const role = z.enum(['viewer', 'editor'])
  expect(validParam({ role: 'viewer' }, 'role', role)).toBe('viewer')
  expect(validParam({ role: 'king' }, 'role', role)).toBeUndefined()
  expect(validParam({}, 'role', role)).toBeUndefined()
})

test.each([
  ['2', 2],
  ['1000', 1000],
  ['1001', 1],
  ['-3', 1],
  ['1.5', 1],
  ['x', 1],
  [undefined, 1],
])('page %s is page %i', (page, number) => {
  expect(pageParam({ page })).toBe(number)
})

test('a page of the trail starts after a number, or with the newest entry', () => {
  expect(beforeParam({ before: '12' })).toBe('12')
  expect(beforeParam({ before: '12; drop' })).toBeUndefined()
})

test('unknown parameters are ignored: Next hides some from the server, and adds others', () => {
  const names = ['page', 'sort']
  const search = '_rsc=x&nxtPname=x&__proto__=x&toString=x&page=2'
  const given: SearchParams = { toString: ['function toString() { [native code] }', 'x'], page: '2' }
  expect(sortedSearch(new URLSearchParams(search), names)).toBe('page=2')
  expect(searchText(given, names)).toBe('page=2')
})

test('the server and the browser produce the same text for a URL’s parameters', () => {
  const names = ['order', 'page', 'search', 'sort']
  for (const [search, params] of [
    ['', {}],
    ['sort=name&order=desc', { sort: 'name', order: 'desc' }],
    ['search=a+b%26c%3Dd&page=2', { search: 'a b&c=d', page: '2' }],
    ['page=1&sort=name&page=2', { page: ['1', '2'], sort: 'name' }],
    ['search=', { search: '' }],
  ] satisfies [string, SearchParams][])
    expect(searchText(params, names)).toBe(sortedSearch(new URLSearchParams(search), names))
})
