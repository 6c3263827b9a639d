import { expect, test } from 'vitest'
import { readAuditFilters } from './read-audit-filters.ts'

test('blank and unknown parameters are ignored', () => {
  expect(readAuditFilters({ person: ' ', action: 'space.create', page: '2' })).toEqual({ action: 'space.create' })
})

test('a repeated parameter counts once', () => {
  expect(readAuditFilters({ space: ['one', 'two'] })).toEqual({ space: 'one' })
})
