import { expect, test } from 'vitest'
import { spaceListPath } from '#components/spaces/list/space-search.ts'
import { isFiltered } from '#lib/kernel/model/spaces/is-filtered.ts'
import { spaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import { readSpaceQuery } from './read-space-query.ts'

test('a URL with invalid parameters still shows the list', () => {
  const query = readSpaceQuery({ status: 'melted', role: 'king', sort: 'colour', page: '-3', search: '  ' })
  expect(spaceListPath(query)).toBe('/')
  expect(isFiltered(query)).toBe(false)
})

test('a query from a URL is accepted by the list', () => {
  const long = 'x'.repeat(1_000)
  const query = readSpaceQuery({ search: long, owner: long, status: long, page: '1001' })
  expect(spaceQuery.parse(query)).toEqual({ descending: false, page: 1 })
})

test('a URL round-trips through the query', () => {
  const query = readSpaceQuery({
    search: ['shop', 'x'],
    status: 'ready',
    role: 'owner',
    sort: 'ends',
    order: 'desc',
    page: '2',
  })
  expect(spaceListPath(query)).toBe('/?search=shop&status=ready&role=owner&sort=ends&order=desc&page=2')
})

test('a status that no listed space can have is ignored', () => {
  expect(readSpaceQuery({ status: 'deleted' }).status).toBeUndefined()
  expect(readSpaceQuery({ status: 'asleep' }).status).toBeUndefined()
})
