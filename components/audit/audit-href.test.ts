import { expect, test } from 'vitest'
import { auditHref } from './audit-href.ts'

test('filters survive in an address, whatever they contain', () => {
  expect(auditHref('/audit', { text: 'a&b=c' }, { before: '7' })).toBe('/audit?text=a%26b%3Dc&before=7')
  expect(auditHref('/audit', {})).toBe('/audit')
})
