import { expect, test } from 'vitest'
import { parseColumns, spaceColumns, writeColumns } from './space-columns.ts'

test.each([[[]], [['ends'] as const], [spaceColumns]])('a choice is read back unchanged: %s', (columns) => {
  expect(parseColumns(writeColumns(columns))).toEqual(columns)
})

test('without a choice, the default columns are shown', () => {
  expect(parseColumns(undefined)).toContain('owner')
  expect(parseColumns(undefined)).not.toContain('used')
})

test('unknown and repeated columns are ignored', () => {
  expect(parseColumns('name.ends.ends."><script>.constructor.__proto__')).toEqual(['ends'])
  expect(parseColumns('')).toEqual([])
})

test('columns keep their order', () => {
  expect(parseColumns('ends.size.status')).toEqual(['status', 'size', 'ends'])
})
