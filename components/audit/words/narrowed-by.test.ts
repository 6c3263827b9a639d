import { expect, test } from 'vitest'
import { narrowedBy } from './narrowed-by.ts'

test('a link keeps the current filters and adds one value', () => {
  const filters = { person: 'alice', outcome: 'ok', text: 'web' }
  expect(narrowedBy(filters, { action: 'space.create' })).toEqual({ ...filters, action: 'space.create' })
  expect(narrowedBy(filters, { outcome: 'refused' })).toEqual({ ...filters, outcome: 'refused' })
  expect(narrowedBy(filters, { text: 'deployments.apps web' })).toEqual({ ...filters, text: 'web deployments.apps' })
  expect(narrowedBy({}, { text: 'pods/exec web-0' })).toEqual({ text: 'pods/exec web-0' })
})

test('a value that is already filtered, or can’t be searched for, has no link', () => {
  expect(narrowedBy({ action: 'space.create' }, { action: 'space.create' })).toBeNull()
  expect(narrowedBy({ text: 'web deployments.apps' }, { text: 'deployments.apps web' })).toBeNull()
  expect(narrowedBy({}, { text: '—' })).toBeNull()
  expect(narrowedBy({ text: 'a b c d e f g' }, { text: 'pods web' })).toBeNull()
  expect(narrowedBy({ text: 'x'.repeat(90) }, { text: 'deployments.apps' })).toBeNull()
})
