import { expect, test } from 'vitest'
import { filterInWords } from './filter-in-words.ts'

test('without filters, the text is “The whole trail”', () => {
  expect(filterInWords({})).toBe('The whole trail')
})

test('filters are described in field order, whether typed or saved', () => {
  expect(filterInWords({ person: 'alice', action: 'space.create', from: '2026-11-01T00:00' })).toBe(
    'Person alice, action “Created a space”, from 2026-11-01 00:00',
  )
  expect(filterInWords({ until: '2026-11-01T00:00:00.000Z', text: '=1+1' })).toBe(
    'Until 2026-11-01 00:00 UTC, containing “=1+1”',
  )
})

test('a choice is described by its label', () => {
  expect(filterInWords({ within: '24h', route: 'around' })).toBe('Last 24 hours, bypassed the gateway')
})
