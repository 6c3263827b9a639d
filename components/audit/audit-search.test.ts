import { expect, test } from 'vitest'
import { auditHref, readAuditFilters } from './audit-search.ts'

test('blank and unknown parameters are no filters', () => {
  expect(readAuditFilters({ person: ' ', action: 'space.create', page: '2' })).toEqual({ action: 'space.create' })
})

test('a parameter that comes twice counts once', () => {
  expect(readAuditFilters({ space: ['one', 'two'] })).toEqual({ space: 'one' })
})

test('filters survive in an address, whatever they hold', () => {
  expect(auditHref('/audit', { text: 'a&b=c' }, { before: '7' })).toBe('/audit?text=a%26b%3Dc&before=7')
  expect(auditHref('/audit', {})).toBe('/audit')
})
